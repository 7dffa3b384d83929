{#
  Whether the cell of a consent column (Marketing Opt-In, موافقة على التواصل) refuses: it does with
  the words that reference.opt_out_words knows as a refusal. What says nothing is no consent, but no
  opt-out for good either.
#}
{% macro is_refusal(text) -%}
coalesce({{ is_opt_out_word(text, 'is_refusal') }}, false)
{%- endmacro %}
