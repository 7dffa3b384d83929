{# columns: names. One text of a row's values in this order, NULL as empty, for a hash over rows. #}
{% macro row_text(columns) -%}
{%- for column in columns -%}
coalesce(cast({{ column }} as {{ dbt.type_string() }}), '')
{%- if not loop.last %} || chr(31) || {% endif -%}
{%- endfor -%}
{%- endmacro %}
