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

contact_aliases as (

    select
        alias_id,
        contact_id
    from {{ ref('contact_aliases') }}

    union

    -- An old id of a contact whose list was withdrawn: everybody who shares something with it.
    select
        alias_id,
        contact_id
    from {{ ref('former_contact_ids') }}

),

contacts as (

    select * from {{ ref('contacts') }}

),

final as (

    select
        'opted_out_in_reply' as rule_id,
        contacts.account_id,
        contacts.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'answered ' || replies.queue_id || ' with an opt-out, recorded by ' || replies.actor
            as evidence,
        replies.event_id as source_ref
    from replies
    left join queued
        on replies.queue_id = queued.queue_id
    inner join contact_aliases
        on coalesce(replies.contact_id, queued.contact_id) = contact_aliases.alias_id
    inner join contacts
        on contact_aliases.contact_id = contacts.contact_id

)

select * from final
