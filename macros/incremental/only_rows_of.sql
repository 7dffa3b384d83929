{#
  values: the name of a relation with import_id and row_number. In an incremental build the condition that
  its row is one of `rows`, which are few; in a full one, any row.
#}
{% macro only_rows_of(rows, values) -%}
{%- if is_incremental_build() -%}
exists (
    select 1 from {{ rows }} as few
    where few.import_id = {{ values }}.import_id and few.row_number = {{ values }}.row_number
)
{%- else -%}
true
{%- endif -%}
{%- endmacro %}
