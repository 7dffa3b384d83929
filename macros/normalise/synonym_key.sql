{#
  What a text and a synonym of its field (city, region, country, sector, subsector) are compared by,
  of their word_key: without spaces, so that Al Khobar, Al-Khobar and Alkhobar are one; of a sector
  also without Arabic articles. A place keeps its article: القريات and قريات are two cities.
#}
{% macro synonym_key(field, words) -%}
case
    when {{ field }} in ('sector', 'subsector')
        then {{ array_text(words_of_name(
            replace_pattern(words, '^(قطاع|مجال|نشاط) | (sector|قطاع)$', '')
        ), '') }}
    else replace({{ words }}, ' ', '')
end
{%- endmacro %}
