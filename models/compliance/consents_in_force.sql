-- One row per identifier whose owner agreed to outreach, and did not take that back: the newest event
-- of each purpose counts, and of both at the same moment the withdrawal.
with events as (

    select * from {{ ref('stg_consent_events') }}
    where event is distinct from 'notified'

),

newest as (

    select
        subject_hash,
        max(occurred_at) filter (where event = 'given' and purpose = 'outreach') as given_at,
        max_by(event_id, occurred_at) filter (where event = 'given' and purpose = 'outreach')
            as event_id,
        max(occurred_at) filter (where event is distinct from 'given') as withdrawn_at
    from events
    group by subject_hash

),

final as (

    select
        subject_hash,
        event_id,
        given_at
    from newest
    where
        given_at is not null
        and coalesce(given_at > withdrawn_at, withdrawn_at is null)

)

select * from final
