-- One row per contact, or account without one, that has neither phone nor email.
with contact_channels as (

    select * from {{ ref('contact_channels') }}

),

final as (

    select
        'no_contact_point' as rule_id,
        account_id,
        contact_id,
        channel,
        case
            when contact_id is null then 'the company has no contact yet'
            else 'the contact has neither phone nor email'
        end as evidence,
        cast(null as {{ dbt.type_string() }}) as source_ref
    from contact_channels
    where channel = 'needs_enrichment'

)

select * from final
