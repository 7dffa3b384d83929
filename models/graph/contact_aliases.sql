-- One row per record with a contact: the contact id of its own, under which it may once have been
-- known, and today's.
select
    row_contact_id as alias_id,
    contact_id
from {{ ref('contact_sources') }}
