{# Schemas are named after the layers as they are, without the target's prefix. #}
{% macro generate_schema_name(custom_schema_name, node) %}
    {{- custom_schema_name if custom_schema_name is not none else target.schema -}}
{% endmacro %}
