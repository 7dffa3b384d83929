-- One row per email address found in a record, valid or not, in the order of the file.
with cells as (

    select
        import_id,
        row_number,
        field,
        column_rank,
        raw_value,
        case field when 'email' then 1 when 'website' then 2 else 3 end as field_rank
    from {{ ref('stg_lead_row_values') }}
    where field in ('phone', 'email', 'website')

),

parsed as (

    select * from {{ ref('stg_parsed_emails') }}

),

kinds as (

    select * from {{ ref('mailbox_kinds') }}

),

shared_hosts as (

    select domain from {{ ref('shared_hosts') }}

),

found as (

    select
        cells.import_id,
        cells.row_number,
        cells.field,
        cells.field_rank,
        cells.column_rank,
        coalesce(parsed.position, 1) as position,
        parsed.email,
        case
            when not parsed.is_valid then null
            when parsed.is_disposable then 'disposable'
            -- Unknown counts as personal: the stricter rule then holds.
            when coalesce(parsed.is_free_mail, true) then 'personal'
            when kinds.is_role then 'role'
            else 'named'
        end as email_kind,
        parsed.registrable_domain,
        case
            when parsed.raw_value is null then 'not_parsed'
            when not coalesce(parsed.is_valid, false) then coalesce(parsed.reject_reason, 'invalid')
        end as reject_reason,
        parsed.email_hash,
        parsed.domain_hash,
        parsed.key_id,
        coalesce(parsed.is_valid and parsed.email is not null, false) as is_valid,
        shared_hosts.domain is not null as is_shared_host
    from cells
    left join parsed
        on cells.raw_value = parsed.raw_value
    left join kinds
        on parsed.local_part = kinds.local_part
    left join shared_hosts
        on parsed.registrable_domain = shared_hosts.domain
    where cells.field = 'email' or parsed.is_valid

),

final as (

    select
        import_id,
        row_number,
        row_number() over (
            partition by import_id, row_number
            order by is_valid desc, coalesce(email_kind, '') = 'disposable', field_rank, column_rank, position
        ) as email_number,
        field,
        column_rank,
        position,
        email,
        email_kind,
        registrable_domain,
        reject_reason,
        email_hash,
        domain_hash,
        key_id,
        is_valid,
        is_valid and email_kind in ('role', 'named') and not is_shared_host as is_business
    from found

)

select * from final
