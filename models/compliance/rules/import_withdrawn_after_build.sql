-- One row per account and import behind it that was withdrawn since the graph was built.
with withdrawals as (

    select
        import_id,
        max_by(event_id, occurred_at) as event_id,
        max(occurred_at) as withdrawn_at
    from {{ ref('stg_import_events') }}
    group by import_id
    having max_by(event, occurred_at) = 'withdrawn'

),

-- Imports that the build knew as withdrawn are not in it.
subject_imports as (

    select * from {{ ref('subject_imports') }}

),

final as (

    select distinct
        'import_withdrawn_after_build' as rule_id,
        subject_imports.account_id,
        -- Every contact: the name of the company or its sector may come from the withdrawn list.
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        coalesce(subject_imports.source_name, 'a list') || ' was withdrawn on '
        || {{ day_text('withdrawals.withdrawn_at') }} as evidence,
        withdrawals.event_id as source_ref
    from withdrawals
    inner join subject_imports
        on withdrawals.import_id = subject_imports.import_id

)

select * from final
