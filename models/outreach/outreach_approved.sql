-- One row per item, exported before or not, that may leave at this moment: approved as it stands, let
-- pass by the gate, and the build current.
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
        queue.status in ('approved', 'exported')
        and queue.has_live_approval
        -- What needs review has a live approval only when a named person said why (outreach_queue).
        and queue.verdict in ('ready', 'needs_review')
        and trim(queue.message_draft) <> ''
        -- Nobody to write to or call: the file would name a company and no way to reach it.
        and case queue.channel
            when 'email_warm' then queue.email
            when 'phone_task' then queue.phone_e164
            else queue.queue_id
        end is not null
        and not queue.has_unfinished_export
        and channels.outbound_allowed
        and build_status.is_current

)

select * from final
