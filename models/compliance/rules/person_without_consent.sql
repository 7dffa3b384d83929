-- One row per contact that is a person, or not surely a company, and did not agree to be contacted.
with subjects as (

    select * from {{ ref('gate_subjects') }}

),

final as (

    select
        'person_without_consent' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        case
            when has_full_name then 'a named person'
            when contact_kind = 'person'
                then 'a person by its mailbox, mobile number or sole establishment'
            else 'not known whether a person or a company'
        end
        || ', consent: ' || coalesce(consent_status, 'not known') as evidence,
        source_ref
    from subjects
    where
        contact_id is not null
        and (contact_kind is distinct from 'company' or has_full_name)
        and coalesce(consent_status, '') not in ('opted_in', 'owned')

)

select * from final
