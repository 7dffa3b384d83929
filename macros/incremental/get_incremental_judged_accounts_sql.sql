{#
  dbt calls it for incremental_strategy='judged_accounts': what was found of every account that is judged
  again makes way for what is found now.
#}
{% macro get_incremental_judged_accounts_sql(arguments) %}
    {% set condition %}
    account_id in (select account_id from {{ ref('judged_accounts') }})
    {% endset %}
    {{ replace_rows(arguments, condition) }}
{% endmacro %}
