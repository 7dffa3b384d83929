-- One row per contact and channel of the accounts that have something in the queue: the rows of
-- live_verdicts for these, found without judging all the others.
with queued_contacts as (

    select distinct aliases.contact_id
    from {{ ref('stg_outreach_events') }} as events
    inner join {{ ref('contact_aliases') }} as aliases
        on events.contact_id = aliases.alias_id
    where events.event = 'queued'

),

queued_accounts as (

    select distinct verdicts.account_id
    from {{ ref('build_verdicts') }} as verdicts
    inner join queued_contacts
        on verdicts.contact_id = queued_contacts.contact_id

),

asked {{ computed_once() }} (

    select verdicts.*
    from {{ ref('build_verdicts') }} as verdicts
    inner join queued_accounts
        on verdicts.account_id = queued_accounts.account_id

),

asked_by_number {{ computed_once() }} (

    select
        verdict_id,
        account_number as account_id,
        contact_number as contact_id,
        channel
    from asked

),

hits as (
    {{ read_hits_of('asked_by_number') }}
),

final as (
    {{ judged_now('asked', 'hits', 'asked_by_number') }}
)

select * from final
