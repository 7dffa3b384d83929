-- One row per contact: a person or a desk of an account, with the strictest terms of all the
-- records that name it, or a contact point of the company that only its own site publishes.
{{ config(materialized=unless_trial(), incremental_strategy='touched_accounts') }}
{#- column: (what it is for one record, what it is for several) #}
{% set merged = {
    'full_name': (
        'contact_name',
        'min_by(contact_name, evidence_rank) filter (where contact_name is not null)'
    ),
    'role': (
        'contact_role',
        'min_by(contact_role, evidence_rank) filter (where contact_role is not null)'
    ),
    'consent_status': ('consent_status', 'max_by(consent_status, consent_rank)'),
    'allowed_use': ('allowed_use', 'max_by(allowed_use, allowed_use_rank)'),
    'risk_level': ('risk_level', 'max_by(risk_level, risk_rank)'),
    'assessment_reference': (
        'assessment_reference',
        'case when count(*) = count(assessment_reference) then min(assessment_reference) end'
    ),
    'source_names': ('source_name', text_agg('distinct source_name', ',', 'source_name')),
    'source_count': ('1', 'count(distinct source_name)'),
    'opt_out': ('opt_out', 'bool_or(opt_out)'),
    'has_linkedin_origin': ('has_linkedin_origin', 'bool_or(has_linkedin_origin)'),
    'vendor_last_updated': ('vendor_last_updated', 'max(vendor_last_updated)'),
    'first_seen_at': ('imported_at', 'min(imported_at)'),
    'last_seen_at': ('imported_at', 'max(imported_at)'),
} %}
{#- What the gate asks of a contact is all that a trial is asked. #}
{%- if var('is_trial') %}
    {%- for column in merged if column not in ['full_name', 'consent_status', 'source_count', 'opt_out'] %}
        {%- do merged.update({column: ('null', 'null')}) %}
    {%- endfor %}
{%- endif %}
with contact_rows as (

    -- Not all of the many columns: they are written down, because two of the steps below read them.
    select
        contact_sources.contact_id,
        account_rows.account_id,
        account_rows.record_count,
        account_rows.evidence_rank,
        account_rows.contact_name,
        account_rows.contact_role,
        account_rows.consent_status,
        account_rows.consent_rank,
        account_rows.allowed_use,
        account_rows.allowed_use_rank,
        account_rows.risk_level,
        account_rows.risk_rank,
        account_rows.assessment_reference,
        account_rows.source_name,
        account_rows.opt_out,
        account_rows.has_linkedin_origin,
        account_rows.vendor_last_updated,
        account_rows.imported_at
    from {{ ref('contact_sources') }} as contact_sources
    inner join {{ ref('account_rows') }} as account_rows
        on
            contact_sources.import_id = account_rows.import_id
            and contact_sources.row_number = account_rows.row_number
    where
        {{ only_touched_accounts('contact_sources.account_id') }}
        -- The same account, told twice: both sides are few before they meet.
        and {{ only_touched_accounts('account_rows.account_id') }}

),

merged_contacts as (
    {{ merged_records('contact_rows', ['contact_id', 'account_id'], merged) }}
),

-- Their terms are those of what a company itself publishes for enquiries; nobody consented by it.
published as (

    select
        points.contact_id,
        points.account_id,
        cast(null as {{ dbt.type_string() }}) as full_name,
        cast(null as {{ dbt.type_string() }}) as role,
        points.consent_status,
        'public_business_contact' as allowed_use,
        'medium' as risk_level,
        cast(null as {{ dbt.type_string() }}) as assessment_reference,
        'website' as source_names,
        1 as source_count,
        false as opt_out,
        false as has_linkedin_origin,
        cast(null as date) as vendor_last_updated,
        points.detected_at as first_seen_at,
        points.detected_at as last_seen_at
    from {{ ref('site_contact_points') }} as points
    where
        points.contact_id in (
            select known.contact_id from {{ ref('contact_identifiers') }} as known
        )
        and {{ only_touched_accounts('points.account_id') }}

),

combined as (

    select * from merged_contacts
    union all
    select * from published

),

-- Another record of the company may say that it is one person's: that makes every contact point of
-- it personal.
sole_establishments as (

    select distinct account_id
    from {{ ref('account_rows') }}
    where is_sole_establishment and {{ only_touched_accounts() }}

),

identifiers as (

    select
        contact_id,
        max(value) filter (where kind = 'email' and is_primary) as email,
        max(value_kind) filter (where kind = 'email' and is_primary) as email_kind,
        max(value) filter (where kind = 'phone' and is_primary) as phone_e164,
        max(value_kind) filter (where kind = 'phone' and is_primary) as phone_type,
        bool_or(is_personal) as has_personal_identifier,
        coalesce(bool_and(value_kind = 'personal') filter (where kind = 'email'), false)
            as has_freemail_only
    from {{ ref('contact_identifiers') }}
    where {{ only_touched_accounts() }}
    group by contact_id

),

-- A number or mailbox that somebody took off one list is off every list.
opted_out_values as (

    select
        'phone' as kind,
        phones.phone_e164 as value
    from {{ ref('lead_rows_parsed') }} as opted_out
    inner join {{ ref('lead_row_phones') }} as phones
        on
            opted_out.import_id = phones.import_id
            and opted_out.row_number = phones.row_number
    where opted_out.opt_out and not opted_out.is_withdrawn and phones.is_valid

    union

    select
        'email' as kind,
        emails.email as value
    from {{ ref('lead_rows_parsed') }} as opted_out
    inner join {{ ref('lead_row_emails') }} as emails
        on
            opted_out.import_id = emails.import_id
            and opted_out.row_number = emails.row_number
    where opted_out.opt_out and not opted_out.is_withdrawn and emails.is_valid

),

opted_out_contacts as (

    select distinct identifiers.contact_id
    from {{ ref('contact_identifiers') }} as identifiers
    inner join opted_out_values
        on
            identifiers.kind = opted_out_values.kind
            and identifiers.value = opted_out_values.value
    where {{ only_touched_accounts('identifiers.account_id') }}

),

final as (

    select
        combined.contact_id,
        combined.account_id,
        combined.full_name,
        combined.role,
        identifiers.email,
        identifiers.email_kind,
        identifiers.phone_e164,
        identifiers.phone_type,
        case
            when
                combined.full_name is not null
                or coalesce(identifiers.has_personal_identifier, false)
                or sole_establishments.account_id is not null
                then 'person'
            else 'company'
        end as contact_kind,
        combined.consent_status,
        combined.allowed_use,
        combined.risk_level,
        combined.assessment_reference,
        combined.source_names,
        combined.source_count,
        combined.opt_out or opted_out_contacts.contact_id is not null as opt_out,
        coalesce(identifiers.has_freemail_only, false) as has_freemail_only,
        combined.has_linkedin_origin,
        combined.vendor_last_updated,
        combined.first_seen_at,
        combined.last_seen_at
    from combined
    left join identifiers
        on combined.contact_id = identifiers.contact_id
    left join sole_establishments
        on combined.account_id = sole_establishments.account_id
    left join opted_out_contacts
        on combined.contact_id = opted_out_contacts.contact_id

)

select * from final
