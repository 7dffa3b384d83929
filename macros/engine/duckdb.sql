{# What the names of engine.sql are on DuckDB (a file, DuckLake). #}

{% macro duckdb__now_utc() %}make_timestamp(epoch_us(now())){% endmacro %}

{% macro duckdb__sha256_hex(text) %}sha256({{ text }}){% endmacro %}

{#
  A JSON pointer, not a JSON path: only ~ and / need escaping in it, whatever stands in a header.
#}
{% macro duckdb__json_key(document, key) -%}
json_extract_string({{ document }}, '/' || replace(replace({{ key }}, '~', '~0'), '/', '~1'))
{%- endmacro %}

{% macro duckdb__json_map(document) %}from_json({{ document }}, '"MAP(VARCHAR, VARCHAR)"'){% endmacro %}

{% macro duckdb__map_value(map, key) %}{{ map }}[{{ key }}]{% endmacro %}

{% macro duckdb__each_json_record(document, fields, alias) -%}
cross join lateral (
    select unnest(from_json({{ document }}, '[{{ tojson(fields) }}]')) as item
) as {{ alias }}
{%- endmacro %}

{% macro duckdb__each_item(array, alias) -%}
cross join lateral (select unnest({{ array }}) as item) as {{ alias }}
{%- endmacro %}

{% macro duckdb__bits_together(number) %}bit_or({{ number }}){% endmacro %}

{% macro duckdb__text_agg(text, separator, order_by) -%}
string_agg({{ text }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{% macro duckdb__split_text(text, separator) %}string_split({{ text }}, '{{ separator }}'){% endmacro %}

{% macro duckdb__characters(text) %}string_split({{ text }}, ''){% endmacro %}

{% macro duckdb__character_code(text) %}try_cast('0' || lower({{ text }}) as integer){% endmacro %}

{% macro duckdb__character_of(number) %}chr({{ number }}){% endmacro %}

{% macro duckdb__array_where(array, condition) %}list_filter({{ array }}, lambda item: {{ condition }}){% endmacro %}

{% macro duckdb__array_text(array, separator) %}array_to_string({{ array }}, '{{ separator }}'){% endmacro %}

{% macro duckdb__replace_pattern(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro duckdb__matches_pattern(text, pattern) %}regexp_matches({{ text }}, '{{ pattern }}'){% endmacro %}

{% macro duckdb__pattern_group(text, pattern, group) -%}
nullif(regexp_extract({{ text }}, '{{ pattern }}', {{ group }}), '')
{%- endmacro %}

{% macro duckdb__is_ascii(text) %}(length({{ text }}) = strlen({{ text }})){% endmacro %}

{% macro duckdb__computed_once() %}as materialized{% endmacro %}

{% macro duckdb__array_map(array, expression) %}list_transform({{ array }}, lambda item: {{ expression }}){% endmacro %}

{% macro duckdb__days_since_1970(day) %}date_diff('day', date '1970-01-01', {{ day }}){% endmacro %}

{% macro duckdb__array_from_end(array, n) %}({{ array }})[-{{ n }}]{% endmacro %}

{% macro duckdb__array_size(array) %}len({{ array }}){% endmacro %}

{% macro duckdb__array_sorted(array) %}list_sort({{ array }}){% endmacro %}

{% macro duckdb__array_common(left, right) %}list_intersect({{ left }}, {{ right }}){% endmacro %}

{% macro duckdb__edit_distance(left, right) %}levenshtein({{ left }}, {{ right }}){% endmacro %}

{# To keep the smallest number of a group takes a third of the time that the smallest text takes. #}
{% macro duckdb__has_several(text) -%}
coalesce(
    min(case when {{ text }} is not null then hash({{ text }}) end)
    <> max(case when {{ text }} is not null then hash({{ text }}) end),
    false
)
{%- endmacro %}

{% macro duckdb__text_number(text) -%}
coalesce(
    try_cast('0x' || right({{ text }}, 15) as bigint),
    cast(md5_number_lower({{ text }}) >> 4 as bigint)
)
{%- endmacro %}
