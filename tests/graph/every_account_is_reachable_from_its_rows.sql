-- Guards graph.accounts. A row here: an account without an accepted record of today, an accepted
-- record without an account, an account whose strictness is not that of its records, or an alias or
-- contact that leads nowhere.
with live_rows as (

    select
        clusters.account_id,
        count(*) as row_count,
        bool_or(rows_parsed.opt_out) as opt_out
    from {{ ref('clusters') }} as clusters
    inner join {{ ref('lead_rows_parsed') }} as rows_parsed
        on
            clusters.import_id = rows_parsed.import_id
            and clusters.row_number = rows_parsed.row_number
    where
        rows_parsed.reject_reason is null
        and not rows_parsed.is_withdrawn
        and {{ only_touched_accounts('clusters.account_id') }}
    group by clusters.account_id

),

accounts as (

    select * from {{ ref('accounts') }}
    where {{ only_touched_accounts() }}

),

contacts as (

    select * from {{ ref('contacts') }}
    where {{ only_touched_accounts() }}

)

select coalesce(accounts.account_id, live_rows.account_id) as account_id
from accounts
full outer join live_rows
    on accounts.account_id = live_rows.account_id
where
    accounts.account_id is null
    or live_rows.account_id is null
    or accounts.row_count <> live_rows.row_count
    or accounts.opt_out <> live_rows.opt_out

union all

select aliases.account_id
from {{ ref('account_aliases') }} as aliases
left join accounts
    on aliases.account_id = accounts.account_id
where accounts.account_id is null and {{ only_touched_accounts('aliases.account_id') }}

union all

select accounts.account_id
from accounts
left join {{ ref('account_aliases') }} as aliases
    on accounts.account_id = aliases.alias_id
where aliases.account_id is distinct from accounts.account_id

union all

select contacts.account_id
from contacts
left join accounts
    on contacts.account_id = accounts.account_id
left join {{ ref('contact_aliases') }} as aliases
    on contacts.contact_id = aliases.alias_id
where
    accounts.account_id is null
    or aliases.contact_id is distinct from contacts.contact_id
