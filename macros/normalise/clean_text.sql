{#
  A text without invisible marks and with single spaces; NULL when nothing is left. Every space of
  Unicode counts as a space, because spreadsheets paste them, and so does a control character. Most
  cells are clean already: one look is a fraction of what cleaning costs.
#}
{% macro clean_text(text) -%}
{%- set spaces = '\u00A0\u2007\u202F\u3000' -%}
nullif(
    case
        when {{ matches_pattern(text, '^\\s|\\s$|\\s\\s|[\\p{Cc}' ~ spaces ~ var('invisible_marks') ~ ']') }}
            then trim({{ replace_pattern(
                "translate(" ~ text ~ ", '" ~ spaces ~ var('invisible_marks') ~ "', '    ')",
                '[\\s\\p{Cc}]+', ' '
            ) }})
        else {{ text }}
    end,
    ''
)
{%- endmacro %}
