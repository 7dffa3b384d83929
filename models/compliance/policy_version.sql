-- One row in all: the version of the policy, a hash over every row of the seeds that make it.
{{ config(materialized='table') }}
{%- set seeds = {
    'compliance_rules': [
        'rule_id', 'verdict', 'floor', 'title_en', 'title_ar', 'source', 'source_article',
        'confidence', 'effective_from', 'evaluated', 'is_project_choice',
    ],
    'rule_overrides': ['rule_id', 'verdict', 'reason', 'decided_by', 'effective_from'],
    'channel_policy': [
        'channel', 'preference', 'outbound_allowed', 'consent_needed', 'approval_always',
        'contact_kind', 'allowed_from', 'allowed_until', 'source', 'source_article',
        'effective_from',
    ],
    'outreach_policy': ['key', 'value', 'unit', 'source', 'effective_from'],
    'allowed_uses': ['allowed_use', 'restrictiveness', 'permits_outreach', 'effective_from'],
    'consent_statuses': ['consent_status', 'restrictiveness', 'can_be_imported', 'effective_from'],
    'risk_levels': ['risk_level', 'restrictiveness', 'effective_from'],
    'source_types': [
        'source_type', 'default_allowed_use', 'default_risk_level', 'needs_allowed_use',
        'needs_risk_level', 'refuses_unknown_use', 'needs_last_updated', 'effective_from',
    ],
} %}
with seed_rows as (

    {% for seed, columns in seeds.items() %}
    select '{{ seed }}' || chr(31) || {{ row_text(columns) }} as row_text
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        'policy_'
        || left({{ sha256_hex(text_agg('row_text', '|', 'row_text')) }}, 16) as policy_version,
        count(*) as seed_rows
    from seed_rows

)

select * from final
