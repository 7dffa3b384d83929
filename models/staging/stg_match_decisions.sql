-- One row per person's decision on two records: same company or never merge.
select
    event_id,
    left_id,
    right_id,
    decision,
    reason,
    actor,
    occurred_at
from {{ source('raw', 'match_decisions') }}
