-- One row per accepted record of an import that is not withdrawn: what clusters are made of.
{{ config(materialized='view') }}
with final as (

    select
        landing_rank,
        import_id,
        row_number,
        row_account_id,
        normalized_name,
        other_name,
        names_key,
        place_id,
        national_number,
        cr_number,
        vat_number,
        domain,
        phone_e164,
        city
    from {{ ref('accepted_rows') }}
    where not is_withdrawn

)

select * from final
