-- Guards reference.rule_overrides. A row here: an override that is milder than the rule's floor,
-- or of no known rule.
-- applicable_rules ignores it, but somebody believes that it counts.
select
    overrides.rule_id,
    overrides.verdict,
    rules.verdict as floor_verdict
from {{ ref('rule_overrides') }} as overrides
left join {{ ref('compliance_rules') }} as rules
    on overrides.rule_id = rules.rule_id
where
    rules.rule_id is null
    or not coalesce(overrides.verdict in ('ready', 'needs_review', 'blocked'), false)
    or {{ verdict_rank('overrides.verdict') }} < {{ verdict_rank('rules.verdict') }}
