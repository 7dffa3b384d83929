-- One row per account: the strictest terms of all its records, which decide what may be done with it.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
{#- column: (what it is for one record, what it is for several) #}
{% set merged = {
    'allowed_use': ('allowed_use', 'max_by(allowed_use, allowed_use_rank)'),
    'consent_status': ('consent_status', 'max_by(consent_status, consent_rank)'),
    'risk_level': ('risk_level', 'max_by(risk_level, risk_rank)'),
    'source_count': ('1', 'count(distinct source_name)'),
    'opt_out': ('opt_out', 'bool_or(opt_out)'),
    'has_unknown_metadata': (
        "allowed_use = 'unknown' or risk_level = 'unknown'",
        "bool_or(allowed_use = 'unknown' or risk_level = 'unknown')"
    ),
    'has_linkedin_origin': ('has_linkedin_origin', 'bool_or(has_linkedin_origin)'),
    'is_sole_establishment': ('is_sole_establishment', 'bool_or(is_sole_establishment)'),
} %}
with account_rows as (

    select * from {{ ref('account_rows') }}
    where {{ only_touched_accounts() }}

),

final as (
    {{ merged_records('account_rows', ['account_id'], merged) }}
)

select * from final
