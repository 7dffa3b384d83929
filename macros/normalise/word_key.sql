{#
  The words of a text: folded, everything that is neither letter nor digit as one space. Empty for
  `-`; NULL for NULL.
#}
{% macro word_key(text) -%}
trim({{ replace_pattern(fold(text), '[^\\p{L}\\p{N}]+', ' ') }})
{%- endmacro %}
