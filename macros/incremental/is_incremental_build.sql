{# Whether this run only adds new imports. Never in a unit test, whose tables are its own. #}
{% macro is_incremental_build() %}
    {{ return(execute and model.resource_type != 'unit_test' and build_mode() == 'incremental') }}
{% endmacro %}
