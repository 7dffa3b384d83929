{#
  A text without invisible marks, with single spaces and with the letters that a web page's entities
  stand for; NULL when nothing is left. Every space of Unicode counts as a space, because
  spreadsheets paste them, and so does a control character. Most cells are clean already: one look is
  a fraction of what cleaning costs.
#}
{% macro clean_text(text) -%}
{%- set spaces = '\u00A0\u2007\u202F\u3000' -%}
nullif(
    case
        when {{ matches_pattern(
            text, '^\\s|\\s$|\\s\\s|[\\p{Cc}' ~ spaces ~ var('invisible_marks') ~ ']|&#?[A-Za-z0-9]+;'
        ) }}
            then trim({{ replace_pattern(
                "translate(" ~ without_entities(text) ~ ", '" ~ spaces ~ var('invisible_marks') ~ "', '    ')",
                '[\\s\\p{Cc}]+', ' '
            ) }})
        else {{ text }}
    end,
    ''
)
{%- endmacro %}
