-- One row per export of an item that does not say who got it, when or what for.
with events as (

    select * from {{ ref('stg_outreach_events') }}

),

final as (

    select
        'export_not_logged' as rule_id,
        queue_id as subject,
        'export ' || coalesce(export_id, 'without an id') || ' says no '
        || case
            when trim(coalesce(recipient, '')) = '' then 'recipient'
            when trim(coalesce(purpose, '')) = '' then 'purpose'
            when trim(coalesce(actor, '')) = '' then 'name of who exported'
            else 'time'
        end as evidence,
        event_id as source_ref
    from events
    where
        event in ('export_started', 'exported')
        and (
            trim(coalesce(recipient, '')) = ''
            or trim(coalesce(purpose, '')) = ''
            or trim(coalesce(actor, '')) = ''
            or occurred_at is null
        )

)

select * from final
