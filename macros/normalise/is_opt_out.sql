{#
  Whether the cell of an opt-out column, as clean text, means an opt-out: everything does, except an
  empty cell and the words that reference.opt_out_words knows to mean none. A word that nobody foresaw must
  not let a message go out.
#}
{% macro is_opt_out(text) -%}
coalesce(not {{ is_opt_out_word(text, 'not is_opt_out') }}, false)
{%- endmacro %}

{# Whether the cell is one of those words of reference.opt_out_words; NULL for an empty one. #}
{% macro is_opt_out_word(text, condition) -%}
(
    {{ opt_out_key(text) }} in (
        select {{ opt_out_key('word') }}
        from {{ ref('opt_out_words') }}
        where {{ condition }}
    )
)
{%- endmacro %}

{# A tick or a dash has no letters: it is compared as it stands. #}
{% macro opt_out_key(text) -%}
coalesce(nullif({{ word_key(text) }}, ''), {{ fold(text) }})
{%- endmacro %}
