-- One row per erasure that was requested and not carried out since.
with events as (

    select * from {{ ref('stg_erasure_events') }}

),

completed as (

    select
        subject_hash,
        max(occurred_at) as completed_at
    from events
    where event = 'completed'
    group by subject_hash

),

final as (

    select
        'destruction_requested' as rule_id,
        events.subject_hash as subject,
        events.masked_display || ' asked on ' || {{ day_text('events.occurred_at') }} as evidence,
        events.event_id as source_ref
    from events
    left join completed
        on events.subject_hash = completed.subject_hash
    where
        events.event is distinct from 'completed'
        and not coalesce(completed.completed_at >= events.occurred_at, false)

)

select * from final
