-- One row per contact that answered outreach with an opt-out.
with replies as (

    select * from {{ ref('stg_outreach_events') }}
    where
        event = 'opted_out'
        or (
            event = 'outcome'
            and lower(trim(reason)) in ('opted_out', 'opt_out', 'opted out', 'opt-out')
        )

),

-- An outcome may name the queue item only.
queued as (

    select
        queue_id,
        max(contact_id) as contact_id
    from {{ ref('stg_outreach_events') }}
    group by queue_id

),

refusals as (

    select
        replies.event_id,
        replies.queue_id,
        replies.actor,
        coalesce(replies.contact_id, queued.contact_id) as contact_id
    from replies
    left join queued
        on replies.queue_id = queued.queue_id

),

reached as (

    select
        refusals.event_id,
        refusals.queue_id,
        refusals.actor,
        contact_aliases.contact_id
    from refusals
    inner join {{ ref('contact_aliases') }} as contact_aliases
        on refusals.contact_id = contact_aliases.alias_id

    union

    -- An old id of a contact whose list was withdrawn: everybody who shares something with it.
    select
        refusals.event_id,
        refusals.queue_id,
        refusals.actor,
        former_contact_ids.contact_id
    from refusals
    inner join {{ ref('former_contact_ids') }} as former_contact_ids
        on refusals.contact_id = former_contact_ids.alias_id

),

contacts as (

    select * from {{ ref('gate_subjects') }}
    where contact_id is not null

),

final as (

    select
        'opted_out_in_reply' as rule_id,
        contacts.account_id,
        contacts.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'answered ' || reached.queue_id || ' with an opt-out, recorded by ' || reached.actor
            as evidence,
        reached.event_id as source_ref
    from reached
    inner join contacts
        on reached.contact_id = contacts.contact_id

)

select * from final
