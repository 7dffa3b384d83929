{#
  dbt calls it for incremental_strategy='touched_accounts': the rows of every account that changed
  make way for those that the model made of it now (none, if it was merged away). Also of an account
  that the model looked at for reasons of its own.
#}
{% macro get_incremental_touched_accounts_sql(arguments) %}
    {% set condition %}
    account_id in (
        select account_id from {{ ref('touched_accounts') }}
        union
        select account_id from {{ arguments['temp_relation'] }}
    )
    {% endset %}
    {{ replace_rows(arguments, condition) }}
{% endmacro %}
