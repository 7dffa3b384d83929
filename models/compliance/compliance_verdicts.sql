-- One row per contact and channel: the verdict that counts, for whoever queries the warehouse. It is the
-- gate itself and no copy of it, so that nobody reads a verdict of yesterday.
{{ config(materialized='view') }}
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
