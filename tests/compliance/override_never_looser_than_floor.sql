-- Guards compliance.applicable_rules. A row here: a verdict, in the seed or in an override, that is
-- milder than the rule's floor, or an override of no known rule.
-- The contract of applicable_rules fails the build already; this says which row it was.
select
    overrides.rule_id,
    overrides.verdict,
    rules.floor as floor_verdict
from {{ ref('rule_overrides') }} as overrides
left join {{ ref('compliance_rules') }} as rules
    on overrides.rule_id = rules.rule_id
where coalesce({{ is_looser('overrides.verdict', 'rules.floor') }}, true)

union all

select
    rule_id,
    verdict,
    floor as floor_verdict
from {{ ref('compliance_rules') }}
where coalesce({{ is_looser('verdict', 'floor') }}, true)
