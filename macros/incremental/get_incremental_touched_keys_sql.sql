{#
  dbt calls it for incremental_strategy='touched_keys': what was found under the keys of new records
  makes way for what is found now. A person's decisions count as one key; they are few.
#}
{% macro get_incremental_touched_keys_sql(arguments) %}
    {% set condition %}
    built.key_kind = 'decision'
    or (built.key_kind, built.key_value) in (
        select touched.key_kind, touched.key_value from {{ ref('touched_keys') }} as touched
    )
    {% endset %}
    {{ replace_rows(arguments, condition) }}
{% endmacro %}
