-- One row per person for whom legitimate interest is claimed by a list without an assessment
-- reference.
with subjects as (

    select * from {{ ref('gate_subjects') }}

),

unassessed_imports as (

    select
        contact_id,
        min(source_ref) as source_ref,
        min(source_name) as source_name
    from {{ ref('subject_imports') }}
    where
        contact_id is not null
        and consent_status = 'legitimate_interest'
        and trim(coalesce(assessment_reference, '')) = ''
    group by contact_id

),

final as (

    select
        'legitimate_interest_without_assessment' as rule_id,
        subjects.account_id,
        subjects.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'no assessment reference on ' || unassessed_imports.source_name as evidence,
        unassessed_imports.source_ref
    from subjects
    inner join unassessed_imports
        on subjects.contact_id = unassessed_imports.contact_id
    where
        subjects.contact_kind is distinct from 'company'
        -- Whoever agreed is contacted by consent and not by legitimate interest.
        and coalesce(subjects.consent_status, '') <> 'opted_in'

)

select * from final
