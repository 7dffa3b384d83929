{#
  dbt calls it for incremental_strategy='compared_names': pairs that nobody compares any more go, those
  that are new are added.
#}
{% macro get_incremental_compared_names_sql(arguments) %}
    delete from {{ arguments['target_relation'] }} as built
    where not exists (
        select 1 from {{ ref('compared_names') }} as compared
        where compared.left_names = built.left_names and compared.right_names = built.right_names
    );

    {{ get_insert_into_sql(
        arguments['target_relation'], arguments['temp_relation'], arguments['dest_columns']
    ) }}
{% endmacro %}
