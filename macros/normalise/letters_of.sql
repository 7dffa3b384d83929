{#
  Each character of `text` that stands in `known` as the one at its place in `written`; the others are
  gone. translate() makes its table anew for every row, which costs twice as much. An empty text is found
  at the first place, where a blank stands for it.
#}
{% macro letters_of(text, known, written) -%}
replace({{ array_text(array_map(
    characters(text), "substr('  " ~ written ~ "', 1 + strpos(' " ~ known ~ "', item), 1)"
), '') }}, ' ', '')
{%- endmacro %}
