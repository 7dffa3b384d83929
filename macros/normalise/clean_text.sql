{#
  A text without invisible marks and with single spaces; NULL when nothing is left.
  Every space of Unicode counts as a space, because spreadsheets paste them.
#}
{% macro clean_text(text) -%}
{%- set spaces = '\u00A0\u2007\u202F\u3000' -%}
nullif(trim({{ replace_pattern(
    "translate(" ~ text ~ ", '" ~ spaces ~ var('invisible_marks') ~ "', '    ')", '\\s+', ' '
) }}), '')
{%- endmacro %}
