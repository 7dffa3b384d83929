-- One row per item that may be exported at this moment: approved as it stands, ready, and the
-- build current.
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
        queue.status = 'approved'
        -- What needs review is `approved` only when a named person said why (outreach_queue).
        and queue.verdict in ('ready', 'needs_review')
        and trim(queue.message_draft) <> ''
        and not queue.has_unfinished_export
        and channels.outbound_allowed
        and build_status.is_current

)

select * from final
