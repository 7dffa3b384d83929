{#
  dbt calls it for incremental_strategy='touched_blocks': what was found in a block of names that are not
  the same any more makes way for what is found now.
#}
{% macro get_incremental_touched_blocks_sql(arguments) %}
    {% set condition %}
    block in (select block from {{ ref('touched_blocks') }})
    {% endset %}
    {{ replace_rows(arguments, condition) }}
{% endmacro %}
