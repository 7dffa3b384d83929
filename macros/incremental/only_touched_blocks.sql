{# A block that has other names than before (identity.touched_blocks), as in only_listed. #}
{% macro only_touched_blocks(column='block') -%}
{{ only_listed(column, 'touched_blocks', 'block') }}
{%- endmacro %}
