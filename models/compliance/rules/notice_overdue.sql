-- One row per person who is known from somebody else for too long and to whom no notice is on
-- record.
with deadlines as (

    select * from {{ ref('rule_deadlines') }}
    where rule_id = 'notice_overdue'

),

notified as (

    select identifiers.contact_id
    from {{ ref('stg_consent_events') }} as events
    inner join {{ ref('contact_identifiers') }} as identifiers
        on events.subject_hash = identifiers.hash
    where events.event in ('notified', 'given')

),

final as (

    select
        'notice_overdue' as rule_id,
        deadlines.account_id,
        deadlines.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'known from somebody else since ' || {{ day_text('deadlines.since') }}
        || ', no notice on record' as evidence,
        deadlines.source_ref
    from deadlines
    where
        coalesce(deadlines.due_at <= {{ now_utc() }}, true)
        and not exists (
            select 1
            from notified
            where notified.contact_id = deadlines.contact_id
        )

)

select * from final
