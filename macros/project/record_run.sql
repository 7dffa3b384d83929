{#
  Every dbt invocation that changes or tests the warehouse leaves its facts in raw.build_runs: one row when it
  starts, one when it ends. A start without an end is a build that was killed. The live gate reads both.
  The start also says how the run builds and why (decide_build), and what the next one compares with.
#}

{% macro record_run_started() %}
    {% if execute %}
        {% set decision = decide_build() %}
        insert into raw.build_runs (
            run_id, started_at, status, is_complete, mode, mode_reason, new_imports, facts,
            code_fingerprint
        )
        values (
            '{{ invocation_id }}',
            cast('{{ run_started_at.astimezone(modules.pytz.utc).strftime("%Y-%m-%d %H:%M:%S.%f") }}' as timestamp),
            'running',
            false,
            '{{ decision.mode }}',
            '{{ decision.reason }}',
            '{{ tojson(decision.new_imports) }}',
            '{{ decision.facts }}',
            '{{ decision.fingerprint }}'
        )
    {% endif %}
{% endmacro %}

{% macro record_run_finished(results) %}
    {% if execute %}
        {% set failed = [] %}
        {% set ran = [] %}
        {% for result in results %}
            {% do ran.append(result.node.unique_id) %}
            {% if result.status not in ['success', 'pass', 'warn'] %}
                {% do failed.append(result.node.unique_id) %}
            {% endif %}
        {% endfor %}
        {# Models without their data tests are no complete build: it must not cover up a test that failed. #}
        {% set missing = [] %}
        {% for node in graph.nodes.values() %}
            {% if node.resource_type in ['model', 'seed', 'test'] and node.config.enabled and node.unique_id not in ran %}
                {% do missing.append(node.unique_id) %}
            {% endif %}
        {% endfor %}
        {# An --empty run replaces the gate's views by empty ones: it is never a good build. #}
        {% set is_empty = flags.EMPTY | default(false) %}
        insert into raw.build_runs (run_id, started_at, finished_at, status, is_complete, failed_nodes)
        values (
            '{{ invocation_id }}',
            cast('{{ run_started_at.astimezone(modules.pytz.utc).strftime("%Y-%m-%d %H:%M:%S.%f") }}' as timestamp),
            cast('{{ modules.datetime.datetime.now(modules.pytz.utc).strftime("%Y-%m-%d %H:%M:%S.%f") }}' as timestamp),
            '{{ "empty" if is_empty else ("failed" if failed else "success") }}',
            {{ "true" if not missing and not is_empty else "false" }},
            '{{ tojson(failed) }}'
        )
    {% endif %}
{% endmacro %}
