-- One row per contact that is known by a personal mailbox and did not agree to be contacted.
with subjects as (

    select * from {{ ref('gate_subjects') }}

),

final as (

    select
        'personal_email_without_opt_in' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'personal mailbox, consent: ' || coalesce(consent_status, 'not known') as evidence,
        source_ref
    from subjects
    where
        -- On every channel: whoever is known by a personal mailbox is a private person,
        -- whatever else the row carries.
        has_personal_email
        and coalesce(consent_status, '') not in ('opted_in', 'owned')

)

select * from final
