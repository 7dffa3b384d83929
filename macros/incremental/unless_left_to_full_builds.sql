{#
  {% call unless_left_to_full_builds(scope) %} query of a data test {% endcall %}: the query, or nothing of it
  for scope 'full' in an incremental build. Of a view over the whole warehouse its text decides, and a change
  of that makes the next build a full one.
#}
{% macro unless_left_to_full_builds(scope) -%}
{%- if scope == 'full' and is_incremental_build() -%}
select 'left to full builds' as problem
where false
{%- else -%}
{{ caller() }}
{%- endif -%}
{%- endmacro %}
