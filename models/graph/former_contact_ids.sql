-- One row per accepted record of a withdrawn import and contact that remains of its company and
-- shares a mailbox, a number or the person's name with it: whom the record's own contact id reaches
-- now.
-- Per account that remains: a number alone may be shared with other companies.
with withdrawn as (

    select
        groups.import_id,
        groups.row_number,
        groups.row_contact_id,
        groups.contact_name,
        former_account_ids.account_id
    from {{ ref('withdrawn_groups') }} as groups
    inner join {{ ref('former_account_ids') }} as former_account_ids
        on groups.row_account_id = former_account_ids.alias_id
    where groups.is_withdrawn

),

points as (

    select
        withdrawn.row_contact_id,
        withdrawn.account_id,
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
        withdrawn.row_contact_id,
        withdrawn.account_id,
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
        points.row_contact_id,
        identifiers.contact_id,
        case points.kind when 'email' then 1 else 3 end as strength
    from points
    inner join {{ ref('contact_identifiers') }} as identifiers
        on
            points.account_id = identifiers.account_id
            and points.kind = identifiers.kind
            and points.value = identifiers.value

    union all

    select
        withdrawn.row_contact_id,
        contacts.contact_id,
        2 as strength
    from withdrawn
    inner join {{ ref('contacts') }} as contacts
        on
            withdrawn.account_id = contacts.account_id
            and nullif({{ word_key('withdrawn.contact_name') }}, '')
            = {{ word_key('contacts.full_name') }}
    -- Nothing is withdrawn in a trial, whose contacts are a view that nobody should read for nothing.
    where not {{ var('is_trial') }}

),

strongest as (

    select
        row_contact_id,
        contact_id,
        min(strength) as strength
    from shared
    group by row_contact_id, contact_id

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
