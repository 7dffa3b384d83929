-- One row per contact, channel (NULL: every channel) and customer who may not approach it: opt-outs
-- for a single customer.
{{ config(materialized='view') }}
with hits as (

    select
        account_id,
        contact_id,
        channel,
        customer,
        evidence,
        source_ref
    from {{ ref('suppressed_contact') }}
    where customer is not null

    union all

    select
        account_id,
        contact_id,
        channel,
        customer,
        evidence,
        source_ref
    from {{ ref('suppressed_account') }}
    where customer is not null

),

of_contacts as (

    select
        contacts.contact_id,
        hits.channel,
        hits.customer,
        hits.evidence,
        hits.source_ref
    from hits
    inner join {{ ref('contacts') }} as contacts
        on hits.account_id = contacts.account_id
    where coalesce(hits.contact_id, contacts.contact_id) = contacts.contact_id

),

final as (

    select
        contact_id,
        channel,
        customer,
        min(evidence) as evidence,
        min(source_ref) as source_ref
    from of_contacts
    group by contact_id, channel, customer

)

select * from final
