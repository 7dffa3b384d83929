-- Guards compliance.live_verdicts. A row here: a rule that is in the seed and never evaluated,
-- or evaluated and not in the seed.
with evaluated_rules as (

    {% for evaluated in ['build', 'read', 'finding'] %}
    {% for rule_id in rule_ids(evaluated) %}
    select
        '{{ rule_id }}' as rule_id,
        '{{ evaluated }}' as evaluated
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    coalesce(rules.rule_id, evaluated_rules.rule_id) as rule_id,
    rules.evaluated as evaluated_in_seed,
    evaluated_rules.evaluated as evaluated_in_models
from {{ ref('compliance_rules') }} as rules
full outer join evaluated_rules
    on rules.rule_id = evaluated_rules.rule_id
where rules.evaluated is distinct from evaluated_rules.evaluated
