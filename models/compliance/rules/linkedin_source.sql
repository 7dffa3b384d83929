-- One row per contact (or account) of which a source row comes from LinkedIn.
with subject_imports as (

    select * from {{ ref('subject_imports') }}

),

final as (

    select
        'linkedin_source' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'LinkedIn origin, source: ' || coalesce(source_name, 'not known') as evidence,
        source_ref
    from subject_imports
    where
        has_linkedin_origin
        or lower(coalesce(source_name, '')) like '%linkedin%'

)

select * from final
