-- One row per thing that Google said and that is still held.
select
    cache_id,
    provider,
    endpoint,
    subject,
    content,
    fetched_at,
    expires_at
from {{ source('raw', 'google_cache') }}
