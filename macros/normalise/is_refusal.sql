{#
  Whether the cell of a consent column (Marketing Opt-In, موافقة على التواصل) refuses: it does with
  the words that reference.opt_out_words knows as a refusal. What says nothing is no consent, but no
  opt-out for good either.
#}
{% macro is_refusal(text) -%}
coalesce(
    {{ opt_out_key(clean_text(text)) }} in (
        select {{ opt_out_key('word') }}
        from {{ ref('opt_out_words') }}
        where is_refusal
    ),
    false
)
{%- endmacro %}
