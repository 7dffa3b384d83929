{#
  How this run builds: 'incremental', 'full' or 'test', as decide_build recorded it when the run
  started. 'full' where nothing was recorded (dbt compile, a linter).
#}
{% macro build_mode() %}
    {% set recorded = run_query(
        "select max(mode) from raw.build_runs where run_id = '" ~ invocation_id ~ "'"
    ) %}
    {{ return(recorded.columns[0].values()[0] or 'full') }}
{% endmacro %}
