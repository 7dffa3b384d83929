-- One row per contact that only the company's own site published, when it was last looked at too long
-- ago. The next build leaves it out.
with deadlines as (

    select * from {{ ref('rule_deadlines') }}
    where rule_id = 'site_contact_expired'

),

final as (

    select
        'site_contact_expired' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'last seen on the site on ' || coalesce({{ day_text('since') }}, 'an unknown day')
            as evidence,
        source_ref
    from deadlines
    where coalesce(due_at <= {{ now_utc() }}, true)

)

select * from final
