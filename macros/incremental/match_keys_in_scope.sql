{# The name of match_keys; in an incremental build that of those under touched keys. #}
{% macro match_keys_in_scope() -%}
{#- The incremental strategy asks for touched_keys. -#}
{{- built_after('touched_keys') -}}
{{- built_after('touched_match_keys') -}}
{{- ref('touched_match_keys') if is_incremental_build() else ref('match_keys') -}}
{%- endmacro %}
