-- One row per contact, or account without one, of which a fact that the gate needs is missing or
-- not understood.
with subjects as (

    select * from {{ ref('gate_subjects') }}

),

consent_statuses as (

    select * from {{ ref('consent_statuses') }}

),

-- What the graph has folded into "unknown" may have been a word that nobody understands.
unknown_imports as (

    select
        account_id,
        bool_or(trim(coalesce(source_name, '')) = '') as has_no_source_name,
        bool_or(not coalesce(
            consent_status in (select known.consent_status from consent_statuses as known), false
        )) as has_unknown_consent
    from {{ ref('subject_imports') }}
    group by account_id

),

joined as (

    select
        subjects.*,
        coalesce(unknown_imports.has_no_source_name, true) as has_no_source_name,
        coalesce(unknown_imports.has_unknown_consent, true) as has_unknown_consent
    from subjects
    left join unknown_imports
        on subjects.account_id = unknown_imports.account_id

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
                    has_unknown_consent
                    or not coalesce(
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
            case when source_ref is null then 'source row' end,
            case when has_no_source_name then 'name of a source' end
        ) || ' not known' as evidence,
        source_ref
    from joined
    where
        not coalesce(
            risk_level in ('low', 'medium', 'high')
            and opt_out is not null
            and is_sole_establishment is not null
            and consent_status in (select known.consent_status from consent_statuses as known)
            and (contact_id is null or contact_kind in ('person', 'company'))
            and not has_unknown_identifier
            and source_ref is not null
            and not has_unknown_consent
            and not has_no_source_name,
            false
        )

)

select * from final
