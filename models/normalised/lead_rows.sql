-- One row per landed record: clean, accepted or rejected with the reason, and the account it
-- belongs to.
{{ config(materialized='view') }}
with rows_parsed as (

    select * from {{ ref('lead_rows_parsed') }}

),

final as (

    select
        rows_parsed.import_id,
        rows_parsed.row_number,
        clusters.account_id,
        case when rows_parsed.reject_reason is null then 'accepted' else 'rejected' end
            as row_status,
        rows_parsed.reject_reason,
        rows_parsed.company_name,
        rows_parsed.company_name_ar,
        rows_parsed.normalized_name,
        rows_parsed.legal_form,
        rows_parsed.branch_name,
        rows_parsed.contact_name,
        rows_parsed.contact_role,
        rows_parsed.phone_e164,
        rows_parsed.phone_type,
        rows_parsed.email,
        rows_parsed.email_kind,
        rows_parsed.domain,
        rows_parsed.site,
        rows_parsed.website,
        rows_parsed.place_id,
        rows_parsed.national_number,
        rows_parsed.cr_number,
        rows_parsed.vat_number,
        rows_parsed.city,
        rows_parsed.city_origin,
        rows_parsed.region,
        rows_parsed.country,
        rows_parsed.address,
        rows_parsed.sector,
        rows_parsed.sector_text,
        rows_parsed.subsector_text,
        rows_parsed.source_url,
        rows_parsed.latitude,
        rows_parsed.longitude,
        rows_parsed.employee_count,
        rows_parsed.is_sole_establishment,
        rows_parsed.opt_out,
        rows_parsed.is_withdrawn,
        rows_parsed.has_linkedin_origin,
        rows_parsed.row_hash
    from rows_parsed
    left join {{ ref('clusters') }} as clusters
        on
            rows_parsed.import_id = clusters.import_id
            and rows_parsed.row_number = clusters.row_number

)

select * from final
