-- Guards raw.outreach_events. A row here: something was exported that nobody had approved as it
-- was, at that time.
with events as (

    select * from {{ ref('stg_outreach_events') }}

)

select
    exported.queue_id,
    exported.event_id
from events as exported
where
    exported.event in ('export_started', 'exported')
    and not exists (
        select 1
        from events as approved
        where
            approved.event = 'approved'
            and approved.queue_id = exported.queue_id
            and approved.content_hash = exported.content_hash
            and trim(approved.actor) <> ''
            and approved.occurred_at <= exported.occurred_at
            -- An export that was cut off is completed by the next command: its
            -- beginning is what has to be in time.
            and approved.expires_at > (
                select coalesce(min(started.occurred_at), exported.occurred_at)
                from events as started
                where
                    started.event = 'export_started'
                    and started.export_id = exported.export_id
                    and started.queue_id = exported.queue_id
            )
            and not exists (
                select 1
                from events as rejected
                where
                    rejected.event = 'rejected'
                    and rejected.queue_id = exported.queue_id
                    and rejected.occurred_at >= approved.occurred_at
                    and rejected.occurred_at <= exported.occurred_at
            )
    )
