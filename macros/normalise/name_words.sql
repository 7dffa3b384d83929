{#
  The words of a company name as an array: single letters joined (L.L.C., ذ.م.م), a detached
  article joined to its word (Al-Rajhi, Al Rajhi, Alrajhi), the attached Arabic article dropped.
  No pattern with lookahead, so that every engine gives the same. `+` is safe as a mark: word_key
  leaves none.
#}
{% macro name_words(text) -%}
{%- set words = split_text(word_key("replace(" ~ text ~ ", '&', ' and ')"), ' ') -%}
{%- set marked = array_map(
    words,
    "case when item in ('al', 'el', 'ال') then ' ' || replace(item, 'el', 'al') || '+' "
    ~ "when length(item) = 1 then item else ' ' || item || ' ' end"
) -%}
{%- set joined = "replace(replace(" ~ array_text(marked, '') ~ ", '+ ', ''), '+', '')" -%}
{%- set parts = split_text("trim(" ~ replace_pattern(joined, ' +', ' ') ~ ")", ' ') -%}
{{ array_map(parts, "case when item like 'ال%' and length(item) > 4 then substr(item, 3) else item end") }}
{%- endmacro %}
