{#
  dbt calls it for incremental_strategy='touched_blocks': what was found in a block of names that are not
  the same any more makes way for what is found now.
#}
{% macro get_incremental_touched_blocks_sql(arguments) %}
    delete from {{ arguments['target_relation'] }}
    where block in (select block from {{ ref('touched_blocks') }});

    {{ get_insert_into_sql(
        arguments['target_relation'], arguments['temp_relation'], arguments['dest_columns']
    ) }}
{% endmacro %}
