-- One row per start and one per end of a dbt invocation.
select
    run_id,
    started_at,
    finished_at,
    status,
    is_complete,
    failed_nodes
from {{ source('raw', 'build_runs') }}
