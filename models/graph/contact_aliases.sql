-- One row per id under which a contact was ever known, and today's: of each record of whose contact
-- something is in the graph, and of each older account id that a site's contact point was found for.
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

-- A list that names the mailbox by now has the say.
select
    {{ site_contact_id('aliases.alias_id', 'points.kind', 'points.value') }} as alias_id,
    min(identifiers.contact_id) as contact_id
from {{ ref('site_contact_points') }} as points
inner join {{ ref('account_aliases') }} as aliases
    on points.account_id = aliases.account_id
inner join {{ ref('contact_identifiers') }} as identifiers
    on
        points.account_id = identifiers.account_id
        and points.kind = identifiers.kind
        and points.value = identifiers.value
where points.contact_id is not null
group by aliases.alias_id, points.kind, points.value
