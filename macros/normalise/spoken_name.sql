{#
  A company name as it is spoken: `&` is a word of the name's own script, a dotted abbreviation
  one word (L.L.C., ذ.م.م), apostrophes are gone. What few names need stands behind a cheap look;
  a seed is reviewed and has no compatibility letters.
#}
{% macro spoken_name(text, is_reviewed=false) -%}
{%- set plain -%}
case
    when {{ is_ascii(text) }} and position('&' in {{ text }}) = 0 then replace({{ text }}, chr(39), '')
    when {{ is_ascii(text) }} then replace(replace({{ text }}, chr(39), ''), '&', ' and ')
    else replace(
        replace({{ text if is_reviewed else compatible_text(text) }}, chr(39), ''),
        '&', case when {{ matches_pattern(text, '[ء-ي]') }} then ' و ' else ' and ' end
    )
end
{%- endset -%}
{#- `Est.` is no abbreviation of letters. -#}
case
    when not {{ matches_pattern(text, '[.．].[.．]') }} then {{ plain }}
    else {{ array_text(array_map(
        split_text(plain, ' '),
        "case when position('.' in item) = 0 then item when "
        ~ matches_pattern('item', '^[(]*([^.0-9٠-٩][.]){2,}[^.0-9٠-٩]?[),،;:]*$')
        ~ " then replace(item, '.', '') else item end"
    ), ' ') }}
end
{%- endmacro %}
