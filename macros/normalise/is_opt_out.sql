{#
  Whether the cell of an opt-out column means an opt-out: everything does, except an empty cell
  and the words that reference.opt_out_words knows to mean none. A word that nobody foresaw must
  not let a message go out.
#}
{% macro is_opt_out(text) -%}
coalesce(
    {{ opt_out_key(clean_text(text)) }} not in (
        select {{ opt_out_key('word') }}
        from {{ ref('opt_out_words') }}
        where not is_opt_out
    ),
    false
)
{%- endmacro %}

{# A tick or a dash has no letters: it is compared as it stands. #}
{% macro opt_out_key(text) -%}
coalesce(nullif({{ word_key(text) }}, ''), {{ fold(text) }})
{%- endmacro %}
