-- One row per accepted record, of a withdrawn import too, numbered in the order of landing. The
-- number is what clusters are made of: the smallest of a cluster is its earliest record and names
-- the account.
with rows_parsed as (

    select * from {{ ref('lead_rows_parsed') }}
    where reject_reason is null

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
        row_number() over (order by imported_at, import_id, row_number) as landing_rank,
        import_id,
        row_number,
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
        phone_e164,
        city,
        is_withdrawn
    from named

)

select * from final
