{#
  Tells dbt that the model in which it stands is built after the model `name`, which its SQL need not read.
  Not in a unit test, whose tables are its own.
#}
{% macro built_after(name) -%}
{%- if model.resource_type != 'unit_test' -%}
{%- set needed = ref(name) -%}
{%- endif -%}
{%- endmacro %}
