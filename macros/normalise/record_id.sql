{#
  The id of what a record would be alone, by its import and row: the same in every build. A trial has one
  import and keeps no id; up to twelve letters stand in DuckDB's columns without a text behind them.
#}
{% macro record_id(prefix) %}
{%- if var('is_trial') -%}
'{{ prefix }}' || row_number
{%- else -%}
'{{ prefix }}' || left({{ sha256_hex("import_id || ':' || row_number") }}, 16)
{%- endif -%}
{% endmacro %}
