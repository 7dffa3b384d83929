-- One row per email address found in a record, valid or not, numbered in the order in which they
-- are believed.
{{ config(materialized='incremental', incremental_strategy='append') }}
with cells as (

    select * from {{ ref('lead_row_cells') }}
    where {{ only_new_imports() }}

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
        cells.column_rank,
        coalesce(parsed.position, 1) as position,
        cells.cell_order + coalesce(parsed.position, 1)
        + case when cells.field = 'email' then 0 else 100000000000 end
        + case when parsed.is_disposable then 1000000000000 else 0 end as email_number,
        parsed.email,
        case
            when not coalesce(parsed.is_valid, false) then null
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
        email_number,
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
