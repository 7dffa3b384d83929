{# import_id, row_number: expressions. How evidence names a source row: "import:row". #}
{% macro source_ref(import_id, row_number) -%}
{{ import_id }} || ':' || {{ row_number }}
{%- endmacro %}
