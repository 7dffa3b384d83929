{#
  Everything that engines write differently, by name; what DuckDB makes of it is in duckdb.sql. A
  second engine is a second file of that kind. Models call only these, so that they stay plain
  portable SQL.
#}

{# The time now in UTC, a timestamp without a zone. #}
{% macro now_utc() %}{{ return(adapter.dispatch('now_utc')()) }}{% endmacro %}

{# Lower-case hexadecimal SHA-256 of a text. #}
{% macro sha256_hex(text) %}{{ return(adapter.dispatch('sha256_hex')(text)) }}{% endmacro %}

{#
  The value under `key` of a JSON object, as text; NULL when it is absent or null. Any text may be
  a key.
#}
{% macro json_key(document, key) %}{{ return(adapter.dispatch('json_key')(document, key)) }}{% endmacro %}

{#
  The values of a JSON object as texts by key, for map_value: where many are wanted, one reading of the
  document is a fraction of json_key for each.
#}
{% macro json_map(document) %}{{ return(adapter.dispatch('json_map')(document)) }}{% endmacro %}

{# The text under `key` of such a map; NULL when it is absent or null, or the key is. #}
{% macro map_value(map, key) %}{{ return(adapter.dispatch('map_value')(map, key)) }}{% endmacro %}

{#
  One row per object of a JSON list: `alias.item` is a struct of `fields` (name: type). Goes after
  the from clause.
#}
{% macro each_json_record(document, fields, alias) %}
{{ return(adapter.dispatch('each_json_record')(document, fields, alias)) }}
{% endmacro %}

{# One row per element of an array: `alias.item`. Goes after the from clause. #}
{% macro each_item(array, alias) %}{{ return(adapter.dispatch('each_item')(array, alias)) }}{% endmacro %}

{# The integers of a group with every bit that one of them has. #}
{% macro bits_together(number) %}{{ return(adapter.dispatch('bits_together')(number)) }}{% endmacro %}

{# The texts of a group joined by a separator, in an order that decides every tie. #}
{% macro text_agg(text, separator, order_by) %}
{{- return(adapter.dispatch('text_agg')(text, separator, order_by)) -}}
{% endmacro %}

{# The parts of a text between separators (a plain text, not a pattern), as an array. #}
{% macro split_text(text, separator) %}{{ return(adapter.dispatch('split_text')(text, separator)) }}{% endmacro %}

{# The characters of a text, as an array. #}
{% macro characters(text) %}{{ return(adapter.dispatch('characters')(text)) }}{% endmacro %}

{# The number of a character, written in digits, or in hexadecimal ones behind an x; NULL for any other text. #}
{% macro character_code(text) %}{{ return(adapter.dispatch('character_code')(text)) }}{% endmacro %}

{# The character of that number. #}
{% macro character_of(number) %}{{ return(adapter.dispatch('character_of')(number)) }}{% endmacro %}

{# The elements of an array for which the condition over `item` holds. #}
{% macro array_where(array, condition) %}{{ return(adapter.dispatch('array_where')(array, condition)) }}{% endmacro %}

{# The elements of an array of texts joined by a separator. #}
{% macro array_text(array, separator) %}{{ return(adapter.dispatch('array_text')(array, separator)) }}{% endmacro %}

{# Every match of a pattern replaced. #}
{% macro replace_pattern(text, pattern, replacement) %}
{{- return(adapter.dispatch('replace_pattern')(text, pattern, replacement)) -}}
{% endmacro %}

{# Whether a pattern is found anywhere in the text. #}
{% macro matches_pattern(text, pattern) %}{{ return(adapter.dispatch('matches_pattern')(text, pattern)) }}{% endmacro %}

{# What the group of that number in the pattern's first match holds; NULL if nothing. #}
{% macro pattern_group(text, pattern, group) %}
    {{ return(adapter.dispatch('pattern_group')(text, pattern, group)) }}
{% endmacro %}

{# Whether a text has ASCII characters only. #}
{% macro is_ascii(text) %}{{ return(adapter.dispatch('is_ascii')(text)) }}{% endmacro %}

{# A CTE that is computed once even when it is read more than once. #}
{% macro computed_once() %}{{ return(adapter.dispatch('computed_once')()) }}{% endmacro %}

{# Each element of an array changed by the expression over `item`. #}
{% macro array_map(array, expression) %}{{ return(adapter.dispatch('array_map')(array, expression)) }}{% endmacro %}

{# Days from 1970-01-01 to a date, a whole number. #}
{% macro days_since_1970(day) %}{{ return(adapter.dispatch('days_since_1970')(day)) }}{% endmacro %}

{# The n-th element of an array counted from its end (1 is the last); NULL when it has fewer. #}
{% macro array_from_end(array, n) %}{{ return(adapter.dispatch('array_from_end')(array, n)) }}{% endmacro %}

{# How many elements an array has. #}
{% macro array_size(array) %}{{ return(adapter.dispatch('array_size')(array)) }}{% endmacro %}

{# The elements of an array in ascending order. #}
{% macro array_sorted(array) %}{{ return(adapter.dispatch('array_sorted')(array)) }}{% endmacro %}

{# The distinct elements that two arrays have in common. #}
{% macro array_common(left, right) %}{{ return(adapter.dispatch('array_common')(left, right)) }}{% endmacro %}

{#
  A whole number of 60 bits made of a text (an id of ours or a hash by its last 15 hexadecimal digits):
  equal texts have equal numbers for ever, and two different ids the same one as rarely as the same id.
  Comparing numbers is a tenth of the time of comparing texts. NULL for NULL only. 0 in a trial, in which
  nothing is compared by numbers.
#}
{% macro text_number(text) %}
    {{- return('cast(0 as bigint)' if var('is_trial') else adapter.dispatch('text_number')(text)) -}}
{% endmacro %}

{# An aggregate: whether a column of texts has more than one value. NULL is none. #}
{% macro has_several(text) %}{{ return(adapter.dispatch('has_several')(text)) }}{% endmacro %}

{#
  How many letters have to be changed, added or dropped to make one text the other. For ASCII texts
  only: engines count bytes of others, or letters.
#}
{% macro edit_distance(left, right) %}{{ return(adapter.dispatch('edit_distance')(left, right)) }}{% endmacro %}
