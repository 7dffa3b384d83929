{#
  keyed: the name of a relation with key_kind and key_value. In an incremental build the condition
  that a new record has the key (identity.touched_keys); in a full one, any key.
#}
{% macro only_touched_keys(keyed) -%}
{{- built_after('touched_keys') -}}
{%- if is_incremental_build() -%}
exists (
    select 1 from {{ ref('touched_keys') }} as touched
    where touched.key_kind = {{ keyed }}.key_kind and touched.key_value = {{ keyed }}.key_value
)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
