{#
  Instead of dbt's own: an incremental model is made anew unless decide_build found that new imports
  are all that happened. What is not incremental follows the flag as ever.
#}
{% macro should_full_refresh() %}
    {% if flags.FULL_REFRESH or not execute or model.config.materialized != 'incremental' %}
        {{ return(flags.FULL_REFRESH) }}
    {% endif %}
    {{ return(not is_incremental_build()) }}
{% endmacro %}
