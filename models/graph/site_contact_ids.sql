-- One row per contact id that a site's contact point ever had, one for each older id of the account that
-- it was found for, and today's contact. A list that names the mailbox by now has the say.
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
