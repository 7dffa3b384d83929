{# A decimal number; NULL when the text is not one. #}
{% macro to_number(text) -%}
case
    when {{ matches_pattern(fold(text), '^[+-]?[0-9]{1,9}([.][0-9]{1,20})?$') }}
        then cast({{ fold(text) }} as double)
end
{%- endmacro %}
