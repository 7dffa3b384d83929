{#
  evaluated: 'build' or 'read'. The hits of all those rules, one select under the other.
  instead: rule_id -> the relation or CTE that is read and not the rule's own file.
  condition: which of the hits; told to each rule by itself, which then looks at less.
#}
{% macro union_of_rules(evaluated, instead={}, condition='true') %}
    {% for rule_id in rule_ids(evaluated) %}
    select
        rule_id,
        account_id,
        contact_id,
        channel,
        evidence,
        source_ref
    from {{ instead[rule_id] or ref(rule_id) }}
    where
        {{ condition }}
    {% if rule_id in ['suppressed_contact', 'suppressed_account'] %}
        -- What a single customer may not do is that customer's affair.
        and customer is null
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}
