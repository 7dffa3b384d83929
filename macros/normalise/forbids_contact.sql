{#
  Whether the cell of a status column (Lead Status, حالة العميل) says that nobody wants to be contacted: it
  does with the words of reference.opt_out_words that mean it wherever they stand. A status that says
  no, 0 or something else entirely is none of that.
#}
{% macro forbids_contact(text) -%}
coalesce({{ is_opt_out_word(text, 'is_opt_out and is_refusal') }}, false)
{%- endmacro %}
