-- One row per account: a company with the best that is known of it and its terms.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
{#- column: (what it is for one record, the order in which several records are believed for it) #}
{% set best = {
    'company_name': ('company_name', 'evidence_rank'),
    'company_name_ar': ('company_name_ar', 'evidence_rank'),
    'normalized_name': ('normalized_name', 'evidence_rank'),
    'legal_form': ('legal_form', 'evidence_rank'),
    'domain': ('domain', 'domain_rank'),
    'website': ('website', 'evidence_rank'),
    'phone_e164': ('phone_e164', 'evidence_rank'),
    'email': ('email', 'email_rank'),
    'city': ('city', 'evidence_rank'),
    'region': ('region', 'evidence_rank'),
    'country': ('country', 'evidence_rank'),
    'sector': ('sector', 'evidence_rank'),
    'google_place_id': ('place_id', 'evidence_rank'),
    'national_number': ('national_number', 'evidence_rank'),
    'cr_number': ('cr_number', 'evidence_rank'),
    'vat_number': ('vat_number', 'evidence_rank'),
    'best_source': ('source_name', 'evidence_rank'),
    'latitude': ('latitude', 'evidence_rank'),
    'longitude': ('longitude', 'evidence_rank'),
    'employee_count': ('employee_count', 'evidence_rank'),
} %}
{#- column: (what it is for one record, what it is for several) #}
{% set merged = {
    'source_names': ('source_name', text_agg('distinct source_name', ',', 'source_name')),
    'source_types': ('source_type', text_agg('distinct source_type', ',', 'source_type')),
    'customers': ('customer', text_agg('distinct customer', ',', 'customer')),
    'row_count': ('1', 'count(*)'),
    'vendor_last_updated': ('vendor_last_updated', 'max(vendor_last_updated)'),
    'first_seen_at': ('imported_at', 'min(imported_at)'),
    'last_seen_at': ('imported_at', 'max(imported_at)'),
} %}
{%- for column, (one, order) in best.items() %}
{%- do merged.update({column: (
    one, 'min_by(' ~ one ~ ', ' ~ order ~ ') filter (where ' ~ one ~ ' is not null)'
)}) %}
{%- endfor %}
with account_rows as (

    select * from {{ ref('account_rows') }}
    where {{ only_touched_accounts() }}

),

combined as (
    {{ merged_records('account_rows', ['account_id'], merged) }}
),

location_counts as (

    select
        account_id,
        count(*) as location_count
    from {{ ref('account_locations') }}
    where {{ only_touched_accounts() }}
    group by account_id

),

contact_counts as (

    select
        account_id,
        count(*) as contact_count
    from {{ ref('contacts') }}
    where {{ only_touched_accounts() }}
    group by account_id

),

final as (

    select
        combined.account_id,
        combined.company_name,
        combined.company_name_ar,
        combined.normalized_name,
        combined.legal_form,
        combined.domain,
        combined.website,
        combined.phone_e164,
        combined.email,
        combined.city,
        combined.region,
        combined.country,
        combined.sector,
        combined.google_place_id,
        combined.national_number,
        combined.cr_number,
        combined.vat_number,
        combined.best_source,
        combined.source_names,
        combined.source_types,
        combined.customers,
        account_terms.allowed_use,
        account_terms.consent_status,
        account_terms.risk_level,
        combined.latitude,
        combined.longitude,
        combined.employee_count,
        account_terms.source_count,
        combined.row_count,
        coalesce(location_counts.location_count, 0) as location_count,
        coalesce(contact_counts.contact_count, 0) as contact_count,
        account_terms.opt_out,
        account_terms.has_unknown_metadata,
        account_terms.has_linkedin_origin,
        account_terms.is_sole_establishment,
        coalesce(
            combined.company_name = {{ place_name('combined.google_place_id') }}, false
        ) as is_known_by_place_only,
        combined.vendor_last_updated,
        combined.first_seen_at,
        combined.last_seen_at
    from combined
    inner join {{ ref('account_terms') }} as account_terms
        on combined.account_id = account_terms.account_id
    left join location_counts
        on combined.account_id = location_counts.account_id
    left join contact_counts
        on combined.account_id = contact_counts.account_id

)

select * from final
