-- One row per accepted record, of a withdrawn import too, numbered in the order of landing. The
-- number is what clusters are made of: the smallest of a cluster is its earliest record and names
-- the account.
with final as (

    select
        row_number() over (order by imported_at, import_id, row_number) as landing_rank,
        import_id,
        row_number,
        row_account_id,
        row_contact_id,
        normalized_name,
        contact_name,
        place_id,
        national_number,
        domain,
        city,
        is_withdrawn
    from {{ ref('lead_rows_parsed') }}
    where reject_reason is null

)

select * from final
