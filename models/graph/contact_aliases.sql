-- One row per record of whose contact something is in the graph: the contact id of its own, under
-- which it may once have been known, and today's.
select
    row_contact_id as alias_id,
    contact_id
from {{ ref('contact_sources') }}

union all

select
    alias_id,
    contact_id
from {{ ref('former_contact_ids') }}
where ordinal = 1
