{#
  The sounds of a word in one Latin alphabet for both scripts, finer than `consonants`: h and the long
  vowels stay (w, y), as Arabic writes them; short vowels, the article, doubling and a final h are
  gone. `هرفي` and `Herfy` become `hrfy`, `نهدي` and `Al Nahdi` `nhdy`. Of the word's sound_letters, a
  step of their own: nested in one expression they are more than the linter parses.
#}
{% macro sounds(letters) -%}
{%- set single = namespace(text = letters) -%}
{%- for letter in 'bdfgklmnrstwyz' -%}
{%- set single.text = "replace(" ~ single.text ~ ", '" ~ letter * 2 ~ "', '" ~ letter ~ "')" -%}
{%- endfor -%}
{{ replace_pattern(single.text, 'h$', '') }}
{%- endmacro %}

{# The letters of a word's sounds, doubled ones and a final h too. #}
{% macro sound_letters(word) -%}
{%- set letters = namespace(text = replace_pattern(word, '^(al)?[aeiou]*', '')) -%}
{%- for written, sound in [
    ('tch', 'ts'), ('ch', 'ts'), ('sh', 's'), ('th', 't'), ('kh', 'k'), ('dh', 'd'), ('gh', 'g'), ('wh', 'w'),
    ('ph', 'f'), ('x', 'ks'), ('ce', 's'), ('ci', 'sy'), ('cy', 'sy'), ('ee', 'y'),
] -%}
{%- set letters.text = "replace(" ~ letters.text ~ ", '" ~ written ~ "', '" ~ sound ~ "')" -%}
{%- endfor -%}
{{ replace_pattern(
    "translate(" ~ letters.text ~ ", 'بتثطجغكخقدذضرزظسصشفلمنحهويcjpqvouiy', 'btttggkkkdddrzzsssflmnhhwykgbkfwwyy')",
    '[^bdfghklmnrstwyz0-9]', ''
) }}
{%- endmacro %}
