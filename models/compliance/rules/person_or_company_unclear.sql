-- One row per unnamed contact that may be a person: mobile number, name-like mailbox, sole
-- establishment.
with subjects as (

    select * from {{ ref('gate_subjects') }}

),

final as (

    select
        'person_or_company_unclear' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        case
            when has_mobile then 'mobile number'
            when has_personal_phone then 'a number that is not surely a company''s'
            when has_named_email then 'name-like mailbox'
            when is_sole_establishment then 'sole establishment'
            else 'not known whether a sole establishment'
        end
        || ', consent: ' || coalesce(consent_status, 'not known') as evidence,
        source_ref
    from subjects
    where
        contact_id is not null
        and not has_full_name
        and (has_personal_phone or has_named_email or coalesce(is_sole_establishment, true))
        and coalesce(consent_status, '') not in ('opted_in', 'owned')

)

select * from final
