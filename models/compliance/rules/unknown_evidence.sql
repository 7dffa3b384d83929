-- One row per contact, or account without one, of which a fact that the gate needs is missing or
-- not understood.
with subjects as (

    select * from {{ ref('gate_subjects') }}

),

consent_statuses as (

    select * from {{ ref('consent_statuses') }}

),

final as (

    select
        'unknown_evidence' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        concat_ws(
            ', ',
            case
                when not coalesce(risk_level in ('low', 'medium', 'high'), false)
                    then 'risk level'
            end,
            case when opt_out is null then 'opt-out' end,
            case when is_sole_establishment is null then 'sole establishment' end,
            case
                when
                    not coalesce(
                        consent_status
                        in (select known.consent_status from consent_statuses as known),
                        false
                    )
                    then 'consent status'
            end,
            case
                when
                    contact_id is not null
                    and not coalesce(contact_kind in ('person', 'company'), false)
                    then 'person or company'
            end,
            case when coalesce(has_unknown_identifier, true) then 'kind of a phone or email' end,
            case when source_ref is null then 'source row' end
        ) || ' not known' as evidence,
        source_ref
    from subjects
    where
        not coalesce(
            risk_level in ('low', 'medium', 'high')
            and opt_out is not null
            and is_sole_establishment is not null
            and consent_status in (select known.consent_status from consent_statuses as known)
            and (contact_id is null or contact_kind in ('person', 'company'))
            and not has_unknown_identifier
            and source_ref is not null,
            false
        )

)

select * from final
