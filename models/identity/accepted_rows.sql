-- One row per accepted record, of a withdrawn import too, numbered in the order of landing. The
-- number is what clusters are made of: the smallest of a cluster is its earliest record and names
-- the account.
{{ config(materialized='incremental', incremental_strategy='append') }}
with imports as (

    select
        import_id,
        imported_at,
        max(row_number) as last_row_number
    from {{ ref('lead_rows_parsed') }}
    group by import_id, imported_at

),

-- Numbers as they stand in the file, after those of all earlier imports: no sort of all records.
earlier as (

    select
        import_id,
        coalesce(sum(last_row_number) over (
            order by imported_at, import_id
            rows between unbounded preceding and 1 preceding
        ), 0) as row_count
    from imports

),

rows_parsed as (

    select * from {{ ref('lead_rows_parsed') }}
    where reject_reason is null and {{ only_new_imports() }}

),

names as (

    select * from {{ ref('company_names') }}

),

-- A record may know the name in both scripts.
named as (

    select
        rows_parsed.*,
        case
            when names.normalized_name <> rows_parsed.normalized_name then names.normalized_name
        end as other_name
    from rows_parsed
    left join names
        on rows_parsed.company_name_ar = names.company_name

),

final as (

    select
        cast(earlier.row_count + named.row_number as bigint) as landing_rank,
        named.import_id,
        named.row_number,
        row_account_id,
        row_contact_id,
        normalized_name,
        other_name,
        normalized_name || coalesce('|' || other_name, '') as names_key,
        contact_name,
        place_id,
        national_number,
        cr_number,
        vat_number,
        domain,
        -- A direct number; a company-wide one (920, 800) contradicts no other number.
        case
            when coalesce(phone_type, '') not in ('shared_cost', 'toll_free', 'uan', 'premium_rate')
                then phone_e164
        end as phone_e164,
        city,
        is_withdrawn
    from named
    inner join earlier
        on named.import_id = earlier.import_id

)

select * from final
