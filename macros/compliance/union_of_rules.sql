{#
  evaluated: 'build' or 'read'. The hits of all those rules, one select under the other.
  instead: rule_id -> the relation or CTE that is read and not the rule's own file.
#}
{% macro union_of_rules(evaluated, instead={}) %}
    {% for rule_id in rule_ids(evaluated) %}
    select
        rule_id,
        account_id,
        contact_id,
        channel,
        evidence,
        source_ref
    from {{ instead[rule_id] or ref(rule_id) }}
    {% if rule_id in ['suppressed_contact', 'suppressed_account'] %}
    -- What a single customer may not do is that customer's affair.
    where customer is null
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}
