{#
  The words of a reviewed text of a seed as the words of a company name: see spoken_name and
  words_of_name, which company_names takes one after the other.
#}
{% macro name_words(text) -%}
{{ words_of_name(word_key(spoken_name(text, is_reviewed=true))) }}
{%- endmacro %}
