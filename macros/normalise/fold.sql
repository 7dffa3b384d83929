{#
  A text in lower case with Arabic letter forms, digits and Latin accents folded and diacritics
  deleted: two spellings of one word become equal. The letters are vars of dbt_project.yml, which
  file headers are folded by as well. Most texts are ASCII or plain Arabic, for which a few
  letters do: translating by the whole table costs five times as much.
#}
{% macro fold(text) -%}
case
    when {{ is_ascii(text) }} then lower({{ text }})
    when {{ matches_pattern(text, '[^\\x00-\\x7Fء-غف-ي]') }}
        then translate(
            lower({{ text }}),
            '{{ var("arabic_fold_from") ~ var("latin_fold_from") ~ var("arabic_fold_delete") ~ var("latin_fold_delete") }}',
            '{{ var("arabic_fold_to") ~ var("latin_fold_to") }}'
        )
    else {{ fold_letters('lower(' ~ text ~ ')') }}
end
{%- endmacro %}

{# The same for a text of plain Arabic, in lower case. #}
{% macro fold_letters(text) -%}
translate({{ text }}, 'أإآىئةؤ', 'اااييهو')
{%- endmacro %}
