{#
  keyed: the name of a relation with key_kind and key_value. In an incremental build the condition
  that a new record has the key (identity.touched_keys); in a full one, any key.
#}
{% macro only_touched_keys(keyed) -%}
{{- built_after('touched_keys') -}}
{%- if is_incremental_build() -%}
({{ keyed }}.key_kind, {{ keyed }}.key_value) in (
    select touched.key_kind, touched.key_value from {{ ref('touched_keys') }} as touched
)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
