{#
  The consonants of a word in one Latin alphabet for both scripts, without those that
  transliterations treat differently: vowels, h (so that sh, kh, th, dh and gh need no rule), w, y,
  doubled letters, the article. `راجحي` and `Al-Rajhi` become `rg`.
#}
{% macro consonants(word) -%}
{%- set latin = "replace(replace(" ~ replace_pattern(word, '^al', '') ~ ", 'ph', 'f'), 'x', 'ks')" -%}
{%- set letters = namespace(text = replace_pattern(
    "translate(" ~ latin ~ ", 'بپتثطجغگخكدذضرزظسصشفڤقلمنcjpqvz', 'bbtttgggkkdddrzzsssffklmnkgbkfz')",
    '[^bcdfgjklmnpqrstvxz0-9]', ''
)) -%}
{%- for letter in 'bdfgklmnrstz' -%}
{%- set letters.text = "replace(" ~ letters.text ~ ", '" ~ letter * 2 ~ "', '" ~ letter ~ "')" -%}
{%- endfor -%}
{{ letters.text }}
{%- endmacro %}
