-- One row in all: whether the built tables stand for all the facts, and if not, why not. Exports
-- stop when they do not.
{{ config(materialized='view') }}
with runs as (

    select
        run_id,
        min(started_at) as started_at,
        max(finished_at) as finished_at,
        bool_or(status = 'success' and is_complete) as is_complete_success,
        bool_or(status <> 'running') as has_ended,
        bool_or(status not in ('running', 'success')) as has_failed
    from {{ ref('stg_build_runs') }}
    group by run_id

),

last_complete as (

    select
        max(started_at) as started_at,
        max_by(finished_at, started_at) as finished_at
    from runs
    where is_complete_success and not has_failed

),

later_runs as (

    select
        coalesce(bool_or(runs.has_failed), false) as has_failed,
        coalesce(bool_or(not runs.has_ended), false) as has_unfinished
    from runs
    cross join last_complete
    where runs.started_at > last_complete.started_at

),

facts as (

    select
        'an import' as what,
        max(imported_at) as landed_at
    from {{ ref('stg_lead_imports') }}

    union all

    select
        'the withdrawal of an import' as what,
        max(occurred_at) as landed_at
    from {{ ref('stg_import_events') }}

    union all

    select
        'a decision on a match' as what,
        max(occurred_at) as landed_at
    from {{ ref('stg_match_decisions') }}

    union all

    select
        'an erasure' as what,
        max(occurred_at) as landed_at
    from {{ ref('stg_erasure_events') }}
    -- Its completion is landed after the build that carries it out.
    where event is distinct from 'completed'

),

later_facts as (

    select {{ text_agg('facts.what', ', ', 'facts.what') }} as what
    from facts
    cross join last_complete
    where facts.landed_at >= last_complete.started_at

),

final as (

    select
        case
            when last_complete.started_at is null
                then 'There is no complete build yet: run `dealix run`.'
            when later_runs.has_failed
                then 'A later build failed or was empty: run `dealix run` and read what it says.'
            when later_runs.has_unfinished
                then 'A build is running, or was stopped before its end: wait, or run `dealix run`.'
            when later_facts.what is not null
                then 'Since the last build came ' || later_facts.what || ': run `dealix run`.'
            else 'current'
        end as reason,
        coalesce(
            last_complete.started_at is not null
            and not later_runs.has_failed
            and not later_runs.has_unfinished
            and later_facts.what is null,
            false
        ) as is_current,
        last_complete.finished_at as last_complete_build_at
    from last_complete
    cross join later_runs
    cross join later_facts

)

select * from final
