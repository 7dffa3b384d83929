-- One row per accepted record of an import that is not withdrawn, numbered in the order of landing.
-- The number is what clusters are made of: the smallest of a cluster is its earliest record and
-- names the account.
with final as (

    select
        row_number() over (order by imported_at, import_id, row_number) as landing_rank,
        import_id,
        row_number,
        row_account_id,
        normalized_name,
        place_id,
        national_number,
        domain,
        city
    from {{ ref('lead_rows_parsed') }}
    where reject_reason is null and not is_withdrawn

)

select * from final
