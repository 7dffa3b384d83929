-- One row per source name: what its imports were worth together.
with imports as (

    select * from {{ ref('import_report') }}

),

final as (

    select
        source_name,
        count(*) as import_count,
        cast(sum(rows_total) as bigint) as rows_total,
        cast(sum(rows_accepted) as bigint) as rows_accepted,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        cast(sum(rows_duplicate) as bigint) as rows_duplicate,
        cast(sum(accounts_new) as bigint) as accounts_new,
        cast(sum(accounts_matched) as bigint) as accounts_matched,
        cast(sum(rows_accepted) as double) / nullif(sum(rows_total) filter (where is_built), 0)
            as acceptance_rate,
        max(imported_at) as last_imported_at
    from imports
    where not is_withdrawn
    group by source_name

)

select * from final
