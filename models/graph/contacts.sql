-- One row per contact: a person or a desk of an account, with the strictest terms of all the records that name it.
with contact_rows as (

    select
        contact_sources.contact_id,
        account_rows.*
    from {{ ref('contact_sources') }} as contact_sources
    inner join {{ ref('account_rows') }} as account_rows
        on
            contact_sources.import_id = account_rows.import_id
            and contact_sources.row_number = account_rows.row_number

),

sole_establishments as (

    select
        account_id,
        bool_or(is_sole_establishment) as is_sole_establishment
    from {{ ref('account_rows') }}
    group by account_id

),

identifiers as (

    select
        contact_id,
        max(value) filter (where kind = 'email' and is_primary) as email,
        max(value_kind) filter (where kind = 'email' and is_primary) as email_kind,
        max(value) filter (where kind = 'phone' and is_primary) as phone_e164,
        max(value_kind) filter (where kind = 'phone' and is_primary) as phone_type,
        bool_or(is_personal) as has_personal_identifier,
        coalesce(bool_and(value_kind = 'personal') filter (where kind = 'email'), false) as has_freemail_only
    from {{ ref('contact_identifiers') }}
    group by contact_id

),

grouped as (

    select
        contact_id,
        min(account_id) as account_id,
        min_by(contact_name, evidence_rank) filter (where contact_name is not null) as full_name,
        min_by(contact_role, evidence_rank) filter (where contact_role is not null) as role,
        max_by(consent_status, consent_rank) as consent_status,
        max_by(allowed_use, allowed_use_rank) as allowed_use,
        max_by(risk_level, risk_rank) as risk_level,
        bool_or(coalesce(opt_out, true)) as opt_out,
        bool_or(has_linkedin_origin) as has_linkedin_origin,
        -- One list without an assessment is enough to lack it.
        case when count(*) = count(assessment_reference) then min(assessment_reference) end as assessment_reference,
        count(distinct source_name) as source_count,
        {{ text_agg('distinct source_name', ',', 'source_name') }} as source_names,
        max(vendor_last_updated) as vendor_last_updated,
        min(imported_at) as first_seen_at,
        max(imported_at) as last_seen_at
    from contact_rows
    group by contact_id

),

final as (

    select
        grouped.contact_id,
        grouped.account_id,
        grouped.full_name,
        grouped.role,
        identifiers.email,
        identifiers.email_kind,
        identifiers.phone_e164,
        identifiers.phone_type,
        case
            when
                grouped.full_name is not null
                or coalesce(identifiers.has_personal_identifier, false)
                or coalesce(sole_establishments.is_sole_establishment, true)
                then 'person'
            else 'company'
        end as contact_kind,
        grouped.consent_status,
        grouped.allowed_use,
        grouped.risk_level,
        grouped.assessment_reference,
        grouped.source_names,
        grouped.source_count,
        grouped.opt_out,
        coalesce(identifiers.has_freemail_only, false) as has_freemail_only,
        grouped.has_linkedin_origin,
        grouped.vendor_last_updated,
        grouped.first_seen_at,
        grouped.last_seen_at
    from grouped
    left join identifiers
        on grouped.contact_id = identifiers.contact_id
    left join sole_establishments
        on grouped.account_id = sole_establishments.account_id

)

select * from final
