-- One row per phone number found in a distinct raw cell, dialled in a country: what the phone library
-- made of it.
select
    raw_value,
    coalesce(dialled_in, '{{ var('home_country') }}') as dialled_in,
    position,
    is_valid,
    e164,
    phone_type,
    region,
    extension,
    reject_reason,
    phone_hash,
    key_id,
    library,
    library_version,
    parsed_at
from {{ source('raw', 'parsed_phones') }}
