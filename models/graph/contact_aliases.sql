-- One row per id under which a contact was ever known, and today's: of each record of whose contact
-- something is in the graph, and of each older account id that a site's contact point was found for.
{{ config(materialized='view') }}
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

union all

select
    alias_id,
    contact_id
from {{ ref('site_contact_ids') }}
