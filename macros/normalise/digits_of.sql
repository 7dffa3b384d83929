{#
  The ASCII digits of an identity number as text, without separators and a spreadsheet's trailing
  `.0`.
#}
{% macro digits_of(text) -%}
{{ replace_pattern(replace_pattern(fold(text), '[.]0+$', ''), '[^0-9]', '') }}
{%- endmacro %}
