-- One row per opt-out that no later release took back, and per erasure request (an erased person
-- stays opted out).
{{ config(materialized='view') }}
with events as (

    select * from {{ ref('stg_suppression_events') }}

),

releases as (

    select
        kind,
        subject_hash,
        host_hash,
        site_hash,
        subject_id,
        scope,
        max(occurred_at) as released_at
    from events
    where event = 'release'
    group by kind, subject_hash, host_hash, site_hash, subject_id, scope

),

-- Of an opt-out and a release at the same moment the opt-out counts. Found first and then left out
-- by their ids: releases are few, and comparing every opt-out in six columns is most of its time.
released as (

    select events.event_id
    from releases
    inner join events
        on
            releases.kind is not distinct from events.kind
            and releases.subject_hash is not distinct from events.subject_hash
            and releases.host_hash is not distinct from events.host_hash
            and releases.site_hash is not distinct from events.site_hash
            and releases.subject_id is not distinct from events.subject_id
            and (releases.scope = 'all' or releases.scope is not distinct from events.scope)
            and releases.released_at > events.occurred_at

),

-- An event of an unknown name is an opt-out.
opt_outs as (

    select events.*
    from events
    left join released
        on events.event_id = released.event_id
    where
        event is distinct from 'release'
        and released.event_id is null

),

final as (

    select
        event_id,
        kind,
        subject_hash,
        host_hash,
        site_hash,
        subject_id,
        scope,
        -- A scope that names no customer is one of channels, or everything.
        case
            when scope like 'customer:%' and trim(substr(scope, 10)) <> ''
                then trim(substr(scope, 10))
        end as customer,
        masked_display,
        reason,
        key_id,
        actor,
        occurred_at
    from opt_outs

    union all

    -- Asked and carried out are two steps of one erasure.
    select
        min_by(event_id, occurred_at) as event_id,
        kind,
        subject_hash,
        subject_hash as host_hash,
        subject_hash as site_hash,
        cast(null as {{ dbt.type_string() }}) as subject_id,
        'all' as scope,
        cast(null as {{ dbt.type_string() }}) as customer,
        min_by(masked_display, occurred_at) as masked_display,
        'erasure' as reason,
        cast(null as {{ dbt.type_string() }}) as key_id,
        min_by(actor, occurred_at) as actor,
        min(occurred_at) as occurred_at
    from {{ ref('stg_erasure_events') }}
    group by kind, subject_hash

)

select * from final
