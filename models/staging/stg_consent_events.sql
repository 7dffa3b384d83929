-- One row per consent given or withdrawn.
select
    event_id,
    event,
    kind,
    subject_hash,
    masked_display,
    purpose,
    means,
    evidence,
    key_id,
    actor,
    occurred_at
from {{ source('raw', 'consent_events') }}
