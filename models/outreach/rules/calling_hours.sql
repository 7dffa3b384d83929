-- One row per open queue item whose channel may not be used at this hour.
with queue as (

    select * from {{ ref('outreach_queue') }}

),

final as (

    select
        'calling_hours' as rule_id,
        queue_id as subject,
        channel || ' is allowed ' || allowed_hours as evidence,
        queue_id as source_ref
    from queue
    where
        status in ('queued', 'approved', 'expired')
        and not is_due_now

)

select * from final
