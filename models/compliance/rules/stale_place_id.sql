-- One row per account whose place id is too old, or unknown to Google at the last look.
with deadlines as (

    select * from {{ ref('rule_deadlines') }}
    where rule_id = 'stale_place_id'

),

looks as (

    select
        subject as place_id,
        max_by(status, fetched_at) as last_status,
        max_by(result_id, fetched_at) as last_result_id,
        max(fetched_at) filter (where lower(status) = 'ok') as confirmed_at
    from {{ ref('stg_enrichment_results') }}
    where lower(provider) like 'google%'
    group by subject

),

looked_up as (

    select
        identifiers.account_id,
        bool_or(upper(looks.last_status) = 'NOT_FOUND') as is_gone,
        max(looks.last_result_id) filter (where upper(looks.last_status) = 'NOT_FOUND')
            as result_id,
        max(looks.confirmed_at) as confirmed_at
    from looks
    inner join {{ ref('account_identifiers') }} as identifiers
        on
            looks.place_id = identifiers.value
            and identifiers.kind = 'place_id'
    group by identifiers.account_id

),

policy as (

    select max(value) as place_id_valid_days
    from {{ ref('outreach_policy') }}
    where key = 'place_id_valid_days'

),

final as (

    select
        'stale_place_id' as rule_id,
        deadlines.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        case
            when looked_up.is_gone then 'Google answered NOT_FOUND for the place id'
            else 'place id last seen on ' || {{ day_text('deadlines.since') }}
        end as evidence,
        coalesce(looked_up.result_id, deadlines.source_ref) as source_ref
    from deadlines
    left join looked_up
        on deadlines.account_id = looked_up.account_id
    cross join policy
    where
        coalesce(looked_up.is_gone, false)
        or (
            coalesce(deadlines.due_at <= {{ now_utc() }}, true)
            and not coalesce(
                {{ dbt.dateadd('day', 'policy.place_id_valid_days', 'looked_up.confirmed_at') }}
                > {{ now_utc() }},
                false
            )
        )

)

select * from final
