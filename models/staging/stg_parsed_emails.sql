-- One row per email address found in a distinct raw cell: what the email library made of it.
select
    raw_value,
    position,
    is_valid,
    email,
    local_part,
    email_domain,
    registrable_domain,
    is_free_mail,
    is_disposable,
    reject_reason,
    email_hash,
    domain_hash,
    key_id,
    library,
    library_version,
    parsed_at
from {{ source('raw', 'parsed_emails') }}
