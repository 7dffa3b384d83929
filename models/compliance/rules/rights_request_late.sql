-- One row per request of a person (erasure, access) that is older than the law allows and open.
with requests as (

    select * from {{ ref('stg_rights_requests') }}

),

completed as (

    select
        request_id,
        max(occurred_at) as completed_at
    from requests
    where event = 'completed'
    group by request_id

),

policy as (

    select max(value) as rights_request_days
    from {{ ref('outreach_policy') }}
    where key = 'rights_request_days'

),

final as (

    select
        'rights_request_late' as rule_id,
        requests.request_id as subject,
        requests.request_right || ' of ' || requests.masked_display
        || ' asked on ' || {{ day_text('requests.occurred_at') }} as evidence,
        requests.event_id as source_ref
    from requests
    left join completed
        on requests.request_id = completed.request_id
    cross join policy
    where
        requests.event is distinct from 'completed'
        and completed.request_id is null
        and coalesce(
            {{ dbt.dateadd('day', 'policy.rights_request_days', 'requests.occurred_at') }}
            < {{ now_utc() }},
            true
        )

)

select * from final
