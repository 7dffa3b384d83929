{#
  dbt calls it for incremental_strategy='touched_keys': what was found under the keys of new records
  makes way for what is found now. A person's decisions count as one key; they are few.
#}
{% macro get_incremental_touched_keys_sql(arguments) %}
    delete from {{ arguments['target_relation'] }} as built
    where
        built.key_kind = 'decision'
        or exists (
            select 1 from {{ ref('touched_keys') }} as touched
            where touched.key_kind = built.key_kind and touched.key_value = built.key_value
        );

    {{ get_insert_into_sql(
        arguments['target_relation'], arguments['temp_relation'], arguments['dest_columns']
    ) }}
{% endmacro %}
