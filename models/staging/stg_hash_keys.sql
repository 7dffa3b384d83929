-- One row per secret key that hashed identifiers, by its id.
select
    key_id,
    actor,
    created_at
from {{ source('raw', 'hash_keys') }}
