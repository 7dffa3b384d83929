{#
  The words of a text: folded, everything that is neither letter nor digit as one space. Empty for
  `-`; NULL for NULL. Most texts are plain words of one script with single spaces between them, which
  one look tells: the rest is four times the time.
#}
{% macro word_key(text) -%}
case
    when {{ matches_pattern(text, '^[A-Za-z0-9]+( [A-Za-z0-9]+)*$') }} then lower({{ text }})
    when {{ matches_pattern(text, '^[ء-غف-ي]+( [ء-غف-ي]+)*$') }} then {{ fold_letters(text) }}
    else trim({{ replace_pattern(fold(text), '[^\\p{L}\\p{N}]+', ' ') }})
end
{%- endmacro %}
