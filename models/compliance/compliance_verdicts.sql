-- One row per contact and channel: the verdict as of the build. What counts for outreach is
-- live_verdicts.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
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
where {{ only_judged_accounts('account_id', 'live_rule_hits', "array_to_string(rule_ids, ', ')") }}
