{#
  suppressions: a relation or CTE, the opt-outs in force.
  contact_identifiers: a relation or CTE, the graph's identifiers.
  The rule suppressed_contact, for its file and for read_hits_of.
#}
{% macro suppressed_contact(suppressions, contact_identifiers) %}
with channels as (

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
    from {{ suppressions }} as suppressions
    inner join {{ contact_identifiers }} as identifiers
        on suppressions.subject_hash = identifiers.hash
    left join channels
        on suppressions.scope = channels.channel

)

select * from final
{% endmacro %}
