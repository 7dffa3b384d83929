{# evaluated: 'build' or 'read'. The hits of all those rules, one select under the other. #}
{% macro union_of_rules(evaluated) %}
    {% for rule_id in rule_ids(evaluated) %}
    select
        rule_id,
        account_id,
        contact_id,
        channel,
        evidence,
        source_ref
    from {{ ref(rule_id) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}
