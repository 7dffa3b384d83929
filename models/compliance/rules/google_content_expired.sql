-- One row per contact that is known from Google content only, past its time to live.
with deadlines as (

    select * from {{ ref('rule_deadlines') }}
    where rule_id = 'google_content_expired'

),

final as (

    select
        'google_content_expired' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'from Google content of ' || {{ day_text('since') }} || ', and nothing else' as evidence,
        source_ref
    from deadlines
    where coalesce(due_at <= {{ now_utc() }}, true)

)

select * from final
