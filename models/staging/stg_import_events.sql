-- One row per event on an import after it was landed (withdrawal).
select
    event_id,
    import_id,
    event,
    reason,
    actor,
    occurred_at
from {{ source('raw', 'import_events') }}
