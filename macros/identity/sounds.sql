{#
  The sounds of a word in one Latin alphabet for both scripts, finer than `consonants`: h and the long
  vowels stay (w, y), as Arabic writes them; short vowels, the article, doubling and a final h are
  gone. `هرفي` and `Herfy` become `hrfy`, `نهدي` and `Al Nahdi` `nhdy`. Of the word's sound_letters, a
  step of their own: nested in one expression they are more than the linter parses.
#}
{% macro sounds(letters) -%}
{%- set single = namespace(text = letters) -%}
{%- for letter in 'bdfghklmnrstwyz' -%}
{%- set single.text = "replace(" ~ single.text ~ ", '" ~ letter * 2 ~ "', '" ~ letter ~ "')" -%}
{%- endfor -%}
{%- set ended -%}
case
    when {{ matches_pattern(letters, 'bb|dd|ff|gg|hh|kk|ll|mm|nn|rr|ss|tt|ww|yy|zz') }} then {{ single.text }}
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

{#
  A Latin word with one letter for each sound that Latin writes with two and without the article, which
  `Ali` has none of; an Arabic one as it is, but of سعد الدين (Saadeddin) without the silent one.
#}
{% macro heard_text(word) -%}
{%- set bare -%}
case
    when length({{ word }}) > 4 then {{ replace_pattern(word, '^(al)?[aeiou]*', '') }}
    else {{ replace_pattern(word, '^[aeiou]*', '') }}
end
{%- endset -%}
{%- set latin = namespace(text = bare) -%}
{%- for written, sound in [
    ('tch', 'ts'), ('ch', 'ts'), ('sh', 's'), ('th', 't'), ('kh', 'k'), ('dh', 'd'), ('gh', 'g'),
    ('ph', 'f'), ('x', 'ks'), ('ce', 's'), ('ci', 'sy'), ('cy', 'sy'), ('ee', 'y'),
] -%}
{%- set latin.text = "replace(" ~ latin.text ~ ", '" ~ written ~ "', '" ~ sound ~ "')" -%}
{%- endfor -%}
case
    when {{ is_ascii(word) }} then {{ latin.text }}
    else replace({{ word }}, 'الدين', 'ددين')
end
{%- endmacro %}

{#
  Another reading of a Latin word, NULL if there is none: its g as the Arabic q (القحطاني, Al Gahtani), its
  th as dh (ذيب, Theeb), its last t as the ending that is one before another word only (قمة, Qimmat).
#}
{% macro other_spelling(word) -%}
case
    when {{ is_ascii(word) }} and {{ matches_pattern(word, 'g([^h]|$)|th|..at$') }}
        then {{ replace_pattern(
            "replace(replace(replace(replace(" ~ word ~ ", 'th', 'dh'), 'gh', '|'), 'g', 'q'), '|', 'gh')",
            'at$', 'a'
        ) }}
end
{%- endmacro %}
