-- One row per record of a customer (the company for which outreach is prepared).
select
    customer,
    onboarded_on,
    sender_identity,
    actor,
    recorded_at
from {{ source('raw', 'customers') }}
