-- One row per account: a company with the best that is known of it and the strictest terms of all its sources.
{% set first_known = [
    'company_name', 'company_name_ar', 'normalized_name', 'legal_form', 'website', 'phone_e164', 'city', 'region', 'country',
    'sector', 'employee_count', 'national_number', 'cr_number', 'vat_number',
] %}
with account_rows as (

    select * from {{ ref('account_rows') }}

),

location_counts as (

    select
        account_id,
        count(*) as location_count
    from {{ ref('account_locations') }}
    group by account_id

),

contact_counts as (

    select
        account_id,
        count(*) as contact_count
    from {{ ref('contacts') }}
    group by account_id

),

grouped as (

    select
        account_id,
        {% for field in first_known %}
        min_by({{ field }}, evidence_rank) filter (where {{ field }} is not null) as {{ field }},
        {% endfor %}
        -- A website says more about who a company is than the mailbox of a person.
        coalesce(
            min_by(domain, evidence_rank) filter (where domain is not null and is_domain_of_website),
            min_by(domain, evidence_rank) filter (where domain is not null)
        ) as domain,
        coalesce(
            min_by(email, evidence_rank) filter (where email_kind = 'role'),
            min_by(email, evidence_rank) filter (where email_kind = 'named'),
            min_by(email, evidence_rank) filter (where email is not null)
        ) as email,
        min_by(place_id, evidence_rank) filter (where place_id is not null) as google_place_id,
        min_by(latitude, evidence_rank) filter (where latitude is not null) as latitude,
        min_by(longitude, evidence_rank) filter (where latitude is not null) as longitude,
        count(distinct source_name) as source_count,
        count(*) as row_count,
        min_by(source_name, evidence_rank) as best_source,
        {{ text_agg('distinct source_type', ',', 'source_type') }} as source_types,
        {{ text_agg('distinct source_name', ',', 'source_name') }} as source_names,
        {{ text_agg('distinct customer', ',', 'customer') }} as customers,
        max_by(allowed_use, allowed_use_rank) as allowed_use,
        max_by(consent_status, consent_rank) as consent_status,
        max_by(risk_level, risk_rank) as risk_level,
        bool_or(coalesce(opt_out, true)) as opt_out,
        bool_or(allowed_use = 'unknown' or risk_level = 'unknown') as has_unknown_metadata,
        bool_or(has_linkedin_origin) as has_linkedin_origin,
        bool_or(is_sole_establishment) as is_sole_establishment,
        max(vendor_last_updated) as vendor_last_updated,
        min(imported_at) as first_seen_at,
        max(imported_at) as last_seen_at
    from account_rows
    group by account_id

),

final as (

    select
        grouped.account_id,
        grouped.company_name,
        grouped.company_name_ar,
        grouped.normalized_name,
        grouped.legal_form,
        grouped.domain,
        grouped.website,
        grouped.phone_e164,
        grouped.email,
        grouped.city,
        grouped.region,
        grouped.country,
        grouped.sector,
        grouped.google_place_id,
        grouped.national_number,
        grouped.cr_number,
        grouped.vat_number,
        grouped.best_source,
        grouped.source_names,
        grouped.source_types,
        grouped.customers,
        grouped.allowed_use,
        grouped.consent_status,
        grouped.risk_level,
        grouped.latitude,
        grouped.longitude,
        grouped.employee_count,
        grouped.source_count,
        grouped.row_count,
        coalesce(location_counts.location_count, 0) as location_count,
        coalesce(contact_counts.contact_count, 0) as contact_count,
        grouped.opt_out,
        grouped.has_unknown_metadata,
        grouped.has_linkedin_origin,
        grouped.is_sole_establishment,
        grouped.vendor_last_updated,
        grouped.first_seen_at,
        grouped.last_seen_at
    from grouped
    left join location_counts
        on grouped.account_id = location_counts.account_id
    left join contact_counts
        on grouped.account_id = contact_counts.account_id

)

select * from final
