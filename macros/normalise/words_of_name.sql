{#
  The words of a name's word_key as an array: single letters are joined (`W L L`), a detached article, a
  first half of a personal name and the Arabic and join their word (Al-Rajhi, Al Rajhi, Alrajhi;
  عبد الله; also the بن that begins a family name, بن داود, but not that of ناصر بن محمد), the second half of
  سعد الدين (Saad Al Din, Saadeddin) joins its first, a Latin article
  is `al` before every letter (Ar-Rajhi, El Rajhi), the attached Arabic article is dropped, a doctor is
  written out. No pattern with lookahead, so that every engine gives the same. `+` is safe as a mark:
  word_key leaves none.
#}
{% macro words_of_name(text) -%}
{%- set marked = array_map(
    split_text(text, ' '),
    "case when item in ('al', 'el', 'ar', 'as', 'ash', 'az', 'an', 'ad', 'at', 'adh', 'ath') "
    ~ "then ' al+' when item = 'ال' then ' ال+' "
    ~ "when item = 'dr' then ' doctor ' when item = 'د' then ' دكتور ' "
    ~ "when item in ('بن', 'bin') and "
    ~ matches_pattern(text, '^((شركه|الشركه|مجموعه|موسسه|saudi|السعوديه) )?(بن|bin) ')
    ~ " then ' ' || item || '+' "
    ~ "when item in ('و', 'عبد', 'ابو', 'abu', 'abdul', 'abdel') "
    ~ "then ' ' || replace(item, 'abdel', 'abdul') || '+' "
    ~ "when length(item) = 1 then item else ' ' || item || ' ' end"
) -%}
{%- set joined = "replace(replace(replace(" ~ array_text(marked, '')
    ~ ", '+ ', ''), '+', ''), ' العبد  ال', ' العبدال')" -%}
{%- set whole = replace_pattern(
    "replace(ltrim(" ~ joined ~ "), '  الدين ', 'الدين ')",
    '  (al|el|ed|ud|ad)d(in|een|ine) ', 'eddin '
) -%}
{%- set parts = split_text(
    "case when " ~ matches_pattern("' ' || " ~ text ~ " || ' '", ' (a[lrszndt]|el|ash|adh|ath|abu|abdul|abdel|bin|dr|ال|(ال)?عبد|ابو|بن|(al|el|ed|ud|ad)d(in|een|ine)|الدين|[^ ]) ')
    ~ " then trim(" ~ replace_pattern(whole, ' +', ' ') ~ ") else " ~ text ~ " end", ' '
) -%}
case
    when {{ is_ascii(text) }} then {{ parts }}
    else {{ array_map(
        parts,
        "case when item like 'ال%' and length(item) > 4 then substr(item, 3) "
        ~ "when item like 'وال%' and length(item) > 5 then 'و' || substr(item, 4) else item end"
    ) }}
end
{%- endmacro %}
