-- Guards graph.accounts. A row here: an account without an accepted record of today, an accepted
-- record without an account, an account whose strictness is not that of its records, or an alias or
-- contact that leads nowhere.
with live_rows as (

    select
        account_id,
        count(*) as row_count,
        bool_or(opt_out) as opt_out
    from {{ ref('lead_rows') }}
    where row_status = 'accepted' and not is_withdrawn and {{ only_touched_accounts() }}
    group by account_id

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
