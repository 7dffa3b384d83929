-- One row per record behind an account, with how much it is trusted and how restricted its use is.
{{ config(materialized=unless_trial(), incremental_strategy='touched_accounts') }}
with rows_parsed as (

    select * from {{ ref('lead_rows_parsed') }}

),

clusters as (

    select * from {{ ref('clusters') }}
    where {{ only_touched_accounts() }}

),

imports as (

    select * from {{ ref('stg_lead_imports') }}

),

-- A code that its seed does not know counts as the most restrictive there is.
import_terms as (

    select
        imports.import_id,
        coalesce(allowed_uses.allowed_use, 'unknown') as allowed_use,
        coalesce(allowed_uses.restrictiveness, {{ most_restrictive() }}) as allowed_use_rank,
        coalesce(consent_statuses.consent_status, 'unknown') as consent_status,
        coalesce(consent_statuses.restrictiveness, {{ most_restrictive() }}) as consent_rank,
        coalesce(risk_levels.risk_level, 'unknown') as risk_level,
        coalesce(risk_levels.restrictiveness, {{ most_restrictive() }}) as risk_rank,
        coalesce(source_trust.trust_rank, 99) as trust_rank,
        imports.assessment_reference,
        coalesce(imports.vendor_last_updated, cast(imports.imported_at as date)) as as_of_on
    from imports
    left join {{ ref('allowed_uses') }} as allowed_uses
        on imports.allowed_use = allowed_uses.allowed_use
    left join {{ ref('consent_statuses') }} as consent_statuses
        on coalesce(imports.consent_status, 'unknown') = consent_statuses.consent_status
    left join {{ ref('risk_levels') }} as risk_levels
        on imports.risk_level = risk_levels.risk_level
    left join {{ ref('source_trust') }} as source_trust
        on imports.source_type = source_trust.source_type

),

ranked as (

    select
        clusters.account_id,
        clusters.landing_rank,
        clusters.record_count,
        -- Which record wins when several know a field: the more trusted source, then the newer
        -- data, then the first. One number and no sort: trust, then days before the year 2243, then
        -- the order of landing.
        import_terms.trust_rank * cast(10000000000000000 as bigint)
        + (99999 - {{ days_since_1970('import_terms.as_of_on') }}) * cast(10000000000 as bigint)
        + clusters.landing_rank as evidence_rank,
        import_terms.allowed_use,
        import_terms.allowed_use_rank,
        import_terms.consent_status,
        import_terms.consent_rank,
        import_terms.risk_level,
        import_terms.risk_rank,
        import_terms.assessment_reference,
        import_terms.trust_rank,
        import_terms.as_of_on,
        rows_parsed.*
    from clusters
    inner join rows_parsed
        on
            clusters.import_id = rows_parsed.import_id
            and clusters.row_number = rows_parsed.row_number
    inner join import_terms
        on clusters.import_id = import_terms.import_id

),

final as (

    select
        *,
        -- A desk's mailbox names the company better than a person's; a website better than any
        -- mailbox.
        evidence_rank
        + case email_kind when 'role' then 0 when 'named' then 1 else 2 end
        * cast(2000000000000000000 as bigint) as email_rank,
        evidence_rank
        + case when is_domain_of_website then 0 else 1 end
        * cast(2000000000000000000 as bigint) as domain_rank
    from ranked

)

select * from final
