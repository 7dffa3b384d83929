-- One row per step of an erasure request.
select
    event_id,
    event,
    kind,
    subject_hash,
    masked_display,
    reason,
    actor,
    occurred_at
from {{ source('raw', 'erasure_events') }}
