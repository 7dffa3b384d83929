{#
  values: the name of a relation with import_id and row_number. In an incremental build the condition that
  its row is one of `rows`, which are few; in a full one, any row.
#}
{% macro only_rows_of(rows, values) -%}
{%- if is_incremental_build() -%}
({{ values }}.import_id, {{ values }}.row_number) in (
    select few.import_id, few.row_number from {{ rows }} as few
)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
