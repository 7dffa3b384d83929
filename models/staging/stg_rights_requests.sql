-- One row per step of a person's request (erasure, access): asked, completed.
select
    event_id,
    request_id,
    request_right,
    event,
    kind,
    subject_hash,
    masked_display,
    reason,
    actor,
    occurred_at
from {{ source('raw', 'rights_requests') }}
