-- One row per contact that withdrew its consent, by a recorded event or by the status of its
-- source rows.
with events as (

    select * from {{ ref('stg_consent_events') }}

),

given as (

    select
        subject_hash,
        purpose,
        max(occurred_at) as given_at
    from events
    where event = 'given'
    group by subject_hash, purpose

),

-- Of both at the same moment the withdrawal counts. An event of an unknown name is a withdrawal;
-- a notice says nothing about consent.
withdrawals as (

    select *
    from events
    where
        event is distinct from 'given'
        and event is distinct from 'notified'
        and not exists (
            select 1
            from given
            where
                given.subject_hash = events.subject_hash
                and given.purpose is not distinct from events.purpose
                and given.given_at > events.occurred_at
        )

),

identifiers as (

    select * from {{ ref('contact_identifiers') }}

),

final as (

    select
        'consent_withdrawn' as rule_id,
        identifiers.account_id,
        identifiers.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'withdrawn for ' || withdrawals.masked_display
        || ' on ' || {{ day_text('withdrawals.occurred_at') }}
            as evidence,
        withdrawals.event_id as source_ref
    from withdrawals
    inner join identifiers
        on withdrawals.subject_hash = identifiers.hash

    union all

    select
        'consent_withdrawn' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'consent status of the source rows: withdrawn' as evidence,
        source_ref
    from {{ ref('gate_subjects') }}
    where consent_status = 'withdrawn'

)

select * from final
