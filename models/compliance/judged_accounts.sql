-- One row per account whose verdicts an incremental build has to make anew: it changed, or an opt-out in
-- somebody's row reaches it now, or did. Empty after a full build.
{% if is_incremental_build() %}
{%- set built_before = adapter.get_relation(this.database, 'compliance', 'build_rule_hits') %}
select account_id from {{ ref('touched_accounts') }}
union
select account_id from {{ ref('contact_opted_out') }}
union
select account_id from {{ built_before }}
-- The one rule that looks at more than the account itself.
where rule_id = 'contact_opted_out'
{% else %}
-- depends_on: {{ ref('touched_accounts') }} {{ ref('contact_opted_out') }}
select cast(null as {{ dbt.type_string() }}) as account_id
where false
{% endif %}
