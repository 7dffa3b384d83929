-- One row per contact and opt-out in force of one of its phones or mailboxes, whatever channel
-- that is. One for a single customer counts in that customer's queue (customer_opt_outs).
with identifiers as (

    select * from {{ ref('contact_identifiers') }}

),

suppressions as (

    select * from {{ ref('suppressions_in_force') }}

),

channels as (

    select * from {{ ref('channel_policy') }}

),

final as (

    select
        'suppressed_contact' as rule_id,
        identifiers.account_id,
        identifiers.contact_id,
        -- A scope that is no channel means every channel.
        channels.channel,
        suppressions.masked_display || ' on ' || {{ day_text('suppressions.occurred_at') }}
        || ' by ' || suppressions.actor || ': ' || suppressions.reason as evidence,
        suppressions.event_id as source_ref,
        suppressions.customer
    from suppressions
    inner join identifiers
        on suppressions.subject_hash = identifiers.hash
    left join channels
        on suppressions.scope = channels.channel

)

select * from final
