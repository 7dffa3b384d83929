-- One row per opt-out or release of one.
select
    event_id,
    event,
    kind,
    subject_hash,
    host_hash,
    site_hash,
    subject_id,
    masked_display,
    scope,
    reason,
    key_id,
    source_file,
    actor,
    occurred_at
from {{ source('raw', 'suppression_events') }}
