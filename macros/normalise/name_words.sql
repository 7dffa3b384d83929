{#
  The words of a company name as an array: a dotted abbreviation is one word (L.L.C., ذ.م.م), also
  after a single letter (`Vitamin C L.L.C.`), other single letters are joined (`W L L`), a detached
  article joins its word (Al-Rajhi, Al Rajhi, Alrajhi), the attached Arabic article is dropped.
  No pattern with lookahead, so that every engine gives the same. `+` is safe as a mark: word_key
  leaves none.
#}
{% macro name_words(text) -%}
{%- set undotted = array_map(
    split_text("replace(" ~ text ~ ", '&', ' and ')", ' '),
    "case when " ~ matches_pattern('item', '^\\p{P}*(\\p{L}[.]){2,}\\p{L}?\\p{P}*$')
    ~ " then replace(item, '.', '') else item end"
) -%}
{%- set words = split_text(word_key(array_text(undotted, ' ')), ' ') -%}
{%- set marked = array_map(
    words,
    "case when item in ('al', 'el', 'ال') then ' ' || replace(item, 'el', 'al') || '+' "
    ~ "when length(item) = 1 then item else ' ' || item || ' ' end"
) -%}
{%- set joined = "replace(replace(" ~ array_text(marked, '') ~ ", '+ ', ''), '+', '')" -%}
{%- set parts = split_text("trim(" ~ replace_pattern(joined, ' +', ' ') ~ ")", ' ') -%}
{{ array_map(parts, "case when item like 'ال%' and length(item) > 4 then substr(item, 3) else item end") }}
{%- endmacro %}
