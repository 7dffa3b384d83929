-- One row per contact and phone number or mailbox of it. What a site publishes is a contact of its own
-- unless a list knows it.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with contact_sources as (

    select * from {{ ref('contact_sources') }}
    where {{ only_touched_accounts() }}

),

phone_types as (

    select * from {{ ref('phone_types') }}

),

found as (

    select
        contact_sources.contact_id,
        contact_sources.account_id,
        'email' as kind,
        emails.email as value,
        emails.email_kind as value_kind,
        emails.email_hash as hash,
        emails.domain_hash,
        emails.key_id,
        -- A mailbox of the company before one of a free provider: it is what we may use.
        case emails.email_kind
            when 'named' then 0
            when 'role' then 1
            when 'personal' then 2
            else 3
        end as kind_rank,
        contact_sources.evidence_rank,
        emails.email_number as value_number
    from contact_sources
    inner join {{ ref('lead_row_emails') }} as emails
        on
            contact_sources.import_id = emails.import_id
            and contact_sources.row_number = emails.row_number
    where emails.is_valid

    union all

    select
        contact_sources.contact_id,
        contact_sources.account_id,
        'phone' as kind,
        phones.phone_e164 as value,
        coalesce(phones.phone_type, 'unknown') as value_kind,
        phones.phone_hash as hash,
        cast(null as {{ dbt.type_string() }}) as domain_hash,
        phones.key_id,
        1 as kind_rank,
        contact_sources.evidence_rank,
        phones.phone_number as value_number
    from contact_sources
    inner join {{ ref('lead_row_phones') }} as phones
        on
            contact_sources.import_id = phones.import_id
            and contact_sources.row_number = phones.row_number
    where phones.is_valid

),

grouped {{ computed_once() }} (

    select
        contact_id,
        kind,
        value,
        -- The same in all rows of the contact and value; not grouped by, which costs half as much again.
        any_value(account_id) as account_id,
        any_value(value_kind) as value_kind,
        any_value(hash) as hash,
        any_value(domain_hash) as domain_hash,
        any_value(key_id) as key_id,
        min(kind_rank * cast(2000000000000000000 as bigint) + evidence_rank) as value_rank,
        min(value_number) as value_number
    from found
    group by contact_id, kind, value

),

-- Most contacts have one number and one mailbox: only the others have to be put in order.
with_several as (

    select
        contact_id,
        kind
    from grouped
    group by contact_id, kind
    having count(*) > 1

),

ordered as (

    select
        grouped.contact_id,
        grouped.kind,
        grouped.value,
        row_number() over (
            partition by grouped.contact_id, grouped.kind
            order by grouped.value_rank, grouped.value_number, grouped.value
        ) as value_order
    from grouped
    inner join with_several
        on
            grouped.contact_id = with_several.contact_id
            and grouped.kind = with_several.kind

),

not_primary as (

    select
        contact_id,
        kind,
        value
    from ordered
    where value_order > 1

),

published as (

    select points.*
    from {{ ref('site_contact_points') }} as points
    where
        points.contact_id is not null
        and {{ only_touched_accounts('points.account_id') }}
        and not exists (
            select 1
            from grouped
            where
                grouped.account_id = points.account_id
                and grouped.kind = points.kind
                and grouped.value = points.value
        )

),

identifiers as (

    select
        grouped.contact_id,
        grouped.account_id,
        grouped.kind,
        grouped.value,
        grouped.value_kind,
        grouped.hash,
        grouped.domain_hash,
        grouped.key_id,
        not_primary.contact_id is null as is_primary,
        case
            when grouped.kind = 'phone' then not coalesce(phone_types.is_company_like, false)
            else grouped.value_kind in ('named', 'personal')
        end as is_personal
    from grouped
    left join phone_types
        on grouped.value_kind = phone_types.phone_type
    left join not_primary
        on
            grouped.contact_id = not_primary.contact_id
            and grouped.kind = not_primary.kind
            and grouped.value = not_primary.value

    union all

    select
        contact_id,
        account_id,
        kind,
        value,
        value_kind,
        hash,
        domain_hash,
        key_id,
        true as is_primary,
        false as is_personal
    from published

),

final as (

    select
        *,
        {{ text_number('account_id') }} as account_number,
        {{ text_number('contact_id') }} as contact_number,
        {{ text_number('hash') }} as hash_number,
        {{ text_number('domain_hash') }} as domain_number
    from identifiers

)

select * from final
