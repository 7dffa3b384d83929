{#
  The name of score_components; in an incremental build a subquery of those of touched accounts.
#}
{% macro score_components_in_scope() -%}
{#- Asked for in any case, as dbt learns here what the model needs. A unit test gives score_components. -#}
{%- if model.resource_type != 'unit_test' -%}
{%- set touched = score_points(only_touched_accounts()) -%}
{%- endif -%}
{%- if is_incremental_build() -%}
({{ touched }})
{%- else -%}
{{ ref('score_components') }}
{%- endif -%}
{%- endmacro %}
