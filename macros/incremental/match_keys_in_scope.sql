{# The name of match_keys; in an incremental build that of those under touched keys. #}
{% macro match_keys_in_scope() -%}
{{- built_after('touched_match_keys') -}}
{{- ref('touched_match_keys') if is_incremental_build() else ref('match_keys') -}}
{%- endmacro %}
