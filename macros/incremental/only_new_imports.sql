{#
  column: an import_id. In an incremental build the condition that the row is of an import that is
  not built yet; in a full one, of any. The ids stand in the SQL as they are: DuckDB then skips what
  it need not read, also below joins and aggregates.
#}
{% macro only_new_imports(column='import_id') -%}
{%- if is_incremental_build() -%}
{{ column }} in ('{{ new_imports() | join("', '") }}')
{%- else -%}
true
{%- endif -%}
{%- endmacro %}

{# The ids of the imports that this run adds to what is built; only in an incremental build. #}
{% macro new_imports() %}
    {% set recorded = run_query(
        "select max(new_imports) from raw.build_runs where run_id = '" ~ invocation_id ~ "'"
    ) %}
    {{ return(fromjson(recorded.columns[0].values()[0] or '[]')) }}
{% endmacro %}
