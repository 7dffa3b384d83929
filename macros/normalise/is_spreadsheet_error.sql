{#
  Whether a text is what a spreadsheet shows for a formula that failed. Nobody's name, unlike the words in
  it: a company may be called Value.
#}
{% macro is_spreadsheet_error(text) -%}
{{ matches_pattern(text, '^#(N/A|NULL!|REF!|VALUE!|DIV/0!|NUM!|NAME[?])$') }}
{%- endmacro %}
