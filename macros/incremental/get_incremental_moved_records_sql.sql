{#
  dbt calls it for incremental_strategy='moved_records': what was built of a record whose cluster changed
  makes way for what it is now.
#}
{% macro get_incremental_moved_records_sql(arguments) %}
    {% set condition %}
    landing_rank in (select landing_rank from {{ ref('moved_records') }})
    {% endset %}
    {{ replace_rows(arguments, condition) }}
{% endmacro %}
