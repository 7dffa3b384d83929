-- One row per open queue item without a live approval of exactly its content by a named person.
with queue as (

    select * from {{ ref('outreach_queue') }}

),

final as (

    select
        'approval_missing_or_stale' as rule_id,
        queue_id as subject,
        status_reason as evidence,
        queue_id as source_ref
    from queue
    where status in ('queued', 'expired')

)

select * from final
