{#
  A folded name in ASCII, one character per letter, so that edit distances are per letter in both
  scripts: Arabic letters become capitals (folded Latin has none); of those that only a tongue tells
  apart (ض and ظ, ذ and ز) and of the Persian ones one capital stands for both.
#}
{% macro ascii_letters(text) -%}
{%- set latin = 'abcdefghijklmnopqrstuvwxyz0123456789' -%}
case
    when {{ is_ascii(text) }} then replace({{ text }}, ' ', '')
    else {{ letters_of(
        text,
        'ابتثجحخدذرزسشصضطظعغفقكلمنهويپچڤگژ' ~ latin,
        'ABTUJHXDZRZSCPOEOIGFQKLMNWVYBJFKZ' ~ latin
    ) }}
end
{%- endmacro %}
