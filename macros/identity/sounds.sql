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
{%- set ended -%}
case
    when {{ matches_pattern(letters, 'bb|dd|ff|gg|kk|ll|mm|nn|rr|ss|tt|ww|yy|zz') }} then {{ single.text }}
    else {{ letters }}
end
{%- endset -%}
{{ replace_pattern(ended, 'h$', '') }}
{%- endmacro %}

{# The letters of a word's sounds, doubled ones and a final h too. Of the word's heard_text. #}
{% macro sound_letters(heard) -%}
{{ letters_of(
    heard,
    'بتثطجغكخقدذضرزظسصشفلمنحهويcjpqvouiybdfghklmnrstwz0123456789',
    'btttggkkkdddrzzsssflmnhhwykgbkfwwyybdfghklmnrstwz0123456789'
) }}
{%- endmacro %}

{# A Latin word with one letter for each sound that Latin writes with two; an Arabic one as it is. #}
{% macro heard_text(word) -%}
{%- set latin = namespace(text = replace_pattern(word, '^(al)?[aeiou]*', '')) -%}
{%- for written, sound in [
    ('tch', 'ts'), ('ch', 'ts'), ('sh', 's'), ('th', 't'), ('kh', 'k'), ('dh', 'd'), ('gh', 'g'), ('wh', 'w'),
    ('ph', 'f'), ('x', 'ks'), ('ce', 's'), ('ci', 'sy'), ('cy', 'sy'), ('ee', 'y'),
] -%}
{%- set latin.text = "replace(" ~ latin.text ~ ", '" ~ written ~ "', '" ~ sound ~ "')" -%}
{%- endfor -%}
case when {{ is_ascii(word) }} then {{ latin.text }} else {{ word }} end
{%- endmacro %}
