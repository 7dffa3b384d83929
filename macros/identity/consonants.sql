{#
  The consonants of a word in one Latin alphabet for both scripts, without those that
  transliterations treat differently: vowels, h (so that sh, kh, th, dh and gh need no rule), w, y,
  doubled letters, the article. `راجحي` and `Al-Rajhi` become `rg`.
#}
{% macro consonants(word) -%}
{%- set latin -%}
case
    when {{ is_ascii(word) }}
        then replace(replace({{ replace_pattern(word, '^al', '') }}, 'ph', 'f'), 'x', 'ks')
    else {{ word }}
end
{%- endset -%}
{%- set letters = letters_of(
    latin,
    'بپتثطجغگخكدذضرزظسصشفڤقلمنcjpqvzbdfgklmnrstx0123456789',
    'bbtttgggkkdddrzzsssffklmnkgbkfzbdfgklmnrstx0123456789'
) -%}
{%- set doubled = namespace(gone='letters') -%}
{%- for letter in 'bdfgklmnrstz' -%}
{%- set doubled.gone = "replace(" ~ doubled.gone ~ ", '" ~ letter * 2 ~ "', '" ~ letter ~ "')" -%}
{%- endfor -%}
{#- Named once: every use of an expression is computed anew. -#}
{{ array_text(array_map(
    "[" ~ letters ~ "]",
    "case when " ~ matches_pattern('item', 'bb|dd|ff|gg|kk|ll|mm|nn|rr|ss|tt|zz') ~ " then "
    ~ doubled.gone | replace('letters', 'item') ~ " else item end"
), '') }}
{%- endmacro %}
