{#
  column: an account_id. In an incremental build the condition that the account's verdicts have to
  be made anew: it changed, or a rule that reaches beyond the account hits it now, or hit it before.
  hits: the model with rule_id and account_id. rules: this table's rules, as one text.
#}
{% macro only_judged_accounts(column, hits, rules) -%}
{%- if model.resource_type != 'unit_test' -%}
{%- set needed = [ref('touched_accounts'), ref(hits)] -%}
{%- endif -%}
{%- if is_incremental_build() -%}
{%- set reaching = rules_beyond_the_account() -%}
{{ column }} in (
    select judged.account_id from {{ ref('touched_accounts') }} as judged
    union all
    select judged.account_id from {{ ref(hits) }} as judged
    where judged.rule_id in ('{{ reaching | join("', '") }}')
    union all
    select judged.account_id from {{ this }} as judged
    where
        {% for rule_id in reaching -%}
        {{ rules }} like '%{{ rule_id }}%'{{ ' or ' if not loop.last }}
        {%- endfor %}
)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}

{#
  Rules whose hits on an account depend on more than what was built of the account: on the rows of
  others, or on facts that are read live.
#}
{% macro rules_beyond_the_account() %}
    {{ return(['contact_opted_out'] + rule_ids('read')) }}
{% endmacro %}
