{#
  What an incremental strategy of ours does: the rows of the table as it was built, under the condition,
  make way for what the model finds now.
#}
{% macro replace_rows(arguments, condition) %}
    delete from {{ arguments['target_relation'] }} as built
    where {{ condition }};

    {{ get_insert_into_sql(
        arguments['target_relation'], arguments['temp_relation'], arguments['dest_columns']
    ) }}
{% endmacro %}
