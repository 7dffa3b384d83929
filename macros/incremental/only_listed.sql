{#
  column: a column of a model; table, key: a table that says what an incremental build makes anew, and by
  what. In an incremental build the condition that the column's value is listed there; in a full one, any
  value. A unit test gives no such table, and its cases are all there is.
#}
{% macro only_listed(column, table, key) -%}
{{- built_after(table) -}}
{%- if is_incremental_build() -%}
{{ column }} in (select listed.{{ key }} from {{ ref(table) }} as listed)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
