-- One row per item that was exported and may be exported once more at this moment: its approval is
-- still in force, the gate still lets it pass, and the build is current.
with queue as (

    select * from {{ ref('outreach_queue') }}

),

channels as (

    select * from {{ ref('channel_policy') }}

),

build_status as (

    select * from {{ ref('build_status') }}

),

final as (

    select queue.*
    from queue
    inner join channels
        on queue.channel = channels.channel
    cross join build_status
    where
        queue.status = 'exported'
        and queue.has_live_approval
        and queue.verdict in ('ready', 'needs_review')
        and trim(queue.message_draft) <> ''
        and not queue.has_unfinished_export
        and channels.outbound_allowed
        and build_status.is_current

)

select * from final
