-- One row per step from the landed rows to the export: how many got that far.
with queue as (

    select * from {{ ref('outreach_queue') }}

),

events as (

    select * from {{ ref('stg_outreach_events') }}

),

final as (

    select
        1 as step_number,
        'rows' as step,
        cast(coalesce(sum(rows_read), 0) as bigint) as count
    from {{ ref('stg_lead_imports') }}

    union all

    select
        2 as step_number,
        'accepted' as step,
        count(*) as count
    from {{ ref('lead_rows') }}
    where row_status = 'accepted'

    union all

    select
        3 as step_number,
        'accounts' as step,
        count(*) as count
    from {{ ref('accounts') }}

    union all

    select
        4 as step_number,
        'scored' as step,
        count(*) as count
    from {{ ref('lead_scores') }}

    union all

    select
        5 as step_number,
        'ready' as step,
        count(*) as count
    from {{ ref('outreach_ready') }}

    union all

    select
        6 as step_number,
        'queued' as step,
        count(*) as count
    from queue

    union all

    select
        7 as step_number,
        'approved' as step,
        count(distinct queue_id) as count
    from events
    where event = 'approved'

    union all

    select
        8 as step_number,
        'exported' as step,
        count(*) as count
    from queue
    where status = 'exported'

)

select * from final
