-- One row per accepted record of a withdrawn import and contact that remains of its company and
-- shares a mailbox, a number or the person's name with it: whom the record's own contact id reaches
-- now.
with withdrawn as (

    select * from {{ ref('withdrawn_groups') }}
    where is_withdrawn

),

points as (

    select
        withdrawn.row_account_id,
        withdrawn.row_contact_id,
        'email' as kind,
        emails.email as value
    from withdrawn
    inner join {{ ref('lead_row_emails') }} as emails
        on
            withdrawn.import_id = emails.import_id
            and withdrawn.row_number = emails.row_number
    where emails.is_valid

    union all

    select
        withdrawn.row_account_id,
        withdrawn.row_contact_id,
        'phone' as kind,
        phones.phone_e164 as value
    from withdrawn
    inner join {{ ref('lead_row_phones') }} as phones
        on
            withdrawn.import_id = phones.import_id
            and withdrawn.row_number = phones.row_number
    where phones.is_valid

),

shared as (

    select
        points.row_account_id,
        points.row_contact_id,
        identifiers.contact_id,
        identifiers.account_id,
        case points.kind when 'email' then 1 else 3 end as strength
    from points
    inner join {{ ref('contact_identifiers') }} as identifiers
        on
            points.kind = identifiers.kind
            and points.value = identifiers.value

    union all

    select
        withdrawn.row_account_id,
        withdrawn.row_contact_id,
        contacts.contact_id,
        contacts.account_id,
        2 as strength
    from withdrawn
    inner join {{ ref('former_account_ids') }} as former_account_ids
        on withdrawn.row_account_id = former_account_ids.alias_id
    inner join {{ ref('contacts') }} as contacts
        on former_account_ids.account_id = contacts.account_id
    where
        nullif({{ word_key('withdrawn.contact_name') }}, '')
        = {{ word_key('contacts.full_name') }}

),

strongest as (

    select
        shared.row_contact_id,
        shared.contact_id,
        min(shared.strength) as strength
    from shared
    inner join {{ ref('former_account_ids') }} as former_account_ids
        on
            shared.row_account_id = former_account_ids.alias_id
            and shared.account_id = former_account_ids.account_id
    group by shared.row_contact_id, shared.contact_id

),

final as (

    select
        row_contact_id as alias_id,
        contact_id,
        row_number() over (
            partition by row_contact_id
            order by strength, contact_id
        ) as ordinal
    from strongest

)

select * from final
