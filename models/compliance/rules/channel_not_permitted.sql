-- One row per contact and channel that the channel policy does not open for it: not outbound, for
-- another kind of contact, or only with consent. A channel that the policy does not know is closed.
with contact_channels as (

    select * from {{ ref('contact_channels') }}

),

channels as (

    select * from {{ ref('channel_policy') }}

),

judged as (

    select
        contact_channels.account_id,
        contact_channels.contact_id,
        contact_channels.channel,
        contact_channels.source_ref,
        case
            when channels.channel is null then 'the channel policy does not know the channel'
            when not coalesce(channels.outbound_allowed, false)
                then 'no contact may be begun on this channel'
            when
                not coalesce(channels.contact_kind in ('any', contact_channels.contact_kind), false)
                then 'the channel is for another kind of contact'
            when
                coalesce(channels.consent_needed, '') not in ('never', 'person')
                and coalesce(contact_channels.consent_status, '') not in ('opted_in', 'owned')
                then 'the channel needs consent, which is: '
                    || coalesce(contact_channels.consent_status, 'not known')
        end as evidence
    from contact_channels
    left join channels
        on contact_channels.channel = channels.channel
    -- needs_enrichment is no channel yet: no_contact_point speaks of it.
    where contact_channels.channel <> 'needs_enrichment'

),

final as (

    select
        'channel_not_permitted' as rule_id,
        account_id,
        contact_id,
        channel,
        evidence,
        source_ref
    from judged
    where evidence is not null

)

select * from final
