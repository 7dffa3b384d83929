-- One row per web address found in a distinct raw cell: what the domain library made of it.
select
    raw_value,
    position,
    is_valid,
    url,
    host,
    first_path_segment,
    registrable_domain,
    reject_reason,
    domain_hash,
    host_hash,
    site_hash,
    key_id,
    library,
    library_version,
    parsed_at
from {{ source('raw', 'parsed_urls') }}
