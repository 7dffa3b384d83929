{# A landing_rank whose cluster changed (identity.moved_records), as in only_listed. #}
{% macro only_moved_records(column='landing_rank') -%}
{{ only_listed(column, 'moved_records', 'landing_rank') }}
{%- endmacro %}
