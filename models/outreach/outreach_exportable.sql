-- One row per item that may be exported at this moment: approved as it stands, ready, and the
-- build current.
with queue as (

    select * from {{ ref('outreach_queue') }}

),

channels as (

    select * from {{ ref('outreach_channels') }}

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
        and queue.verdict = 'ready'
        and not queue.has_unfinished_export
        and channels.is_outbound
        and build_status.is_current

)

select * from final
