{#
  dbt calls it for incremental_strategy='judged_accounts': what was found of every account that is judged
  again makes way for what is found now.
#}
{% macro get_incremental_judged_accounts_sql(arguments) %}
    delete from {{ arguments['target_relation'] }}
    where account_id in (select account_id from {{ ref('judged_accounts') }});

    {{ get_insert_into_sql(
        arguments['target_relation'], arguments['temp_relation'], arguments['dest_columns']
    ) }}
{% endmacro %}
