{#
  suppressions: a relation or CTE, the opt-outs in force.
  contact_identifiers: a relation or CTE, the graph's identifiers of the contacts that are asked about.
  The rule suppressed_contact for these contacts; its file asks about all, read_hits_of about few.
#}
{% macro suppressed_contact(suppressions, contact_identifiers) %}
with identifiers as (

    select * from {{ contact_identifiers }}

),

suppressions as (

    select * from {{ suppressions }}

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
{% endmacro %}
