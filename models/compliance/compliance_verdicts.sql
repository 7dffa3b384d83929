-- One row per contact and channel: the verdict as of the build. What counts for outreach is
-- live_verdicts.
select
    verdict_id,
    account_id,
    contact_id,
    channel,
    verdict,
    rule_ids,
    reasons,
    evidence,
    policy_version
from {{ ref('live_verdicts') }}
