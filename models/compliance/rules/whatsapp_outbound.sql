-- One row per contact with a WhatsApp channel: that is never one on which we begin.
with contact_channels as (

    select * from {{ ref('contact_channels') }}

),

final as (

    select
        'whatsapp_outbound' as rule_id,
        account_id,
        contact_id,
        channel,
        'WhatsApp is for inbound messages only' as evidence,
        cast(null as {{ dbt.type_string() }}) as source_ref
    from contact_channels
    where lower(channel) like '%whatsapp%'

)

select * from final
