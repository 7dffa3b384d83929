{# moment: an expression, a timestamp. Its day as text, for evidence that a person reads. #}
{% macro day_text(moment) -%}
cast(cast({{ moment }} as date) as {{ dbt.type_string() }})
{%- endmacro %}
