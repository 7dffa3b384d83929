-- One row per publication of a copy of the warehouse for readers.
select
    event_id,
    path,
    reason,
    actor,
    published_at
from {{ source('raw', 'publications') }}
