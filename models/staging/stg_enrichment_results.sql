-- One row per answer of a provider.
select
    result_id,
    provider,
    endpoint,
    subject,
    status,
    payload,
    cost_sar,
    actor,
    fetched_at,
    expires_at
from {{ source('raw', 'enrichment_results') }}
