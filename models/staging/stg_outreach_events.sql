-- One row per event on an outreach item.
select
    event_id,
    queue_id,
    event,
    customer,
    account_id,
    contact_id,
    channel,
    content_hash,
    export_id,
    export_file,
    file_sha256,
    recipient,
    purpose,
    reason,
    actor,
    occurred_at,
    expires_at
from {{ source('raw', 'outreach_events') }}
