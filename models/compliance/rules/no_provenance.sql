-- One row per account (or contact) and list behind it that names no source or no kind of source.
with subject_imports as (

    select * from {{ ref('subject_imports') }}

),

final as (

    select
        'no_provenance' as rule_id,
        account_id,
        contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        case
            when trim(coalesce(source_name, '')) = '' then 'the list names no source'
            else 'the list names no kind of source'
        end as evidence,
        source_ref
    from subject_imports
    where
        trim(coalesce(source_name, '')) = ''
        or trim(coalesce(source_type, '')) = ''

)

select * from final
