-- One row per contact (or account) from a list that must carry the vendor's own date and does not.
with subject_imports as (

    select * from {{ ref('subject_imports') }}

),

source_types as (

    select * from {{ ref('source_types') }}

),

final as (

    select
        'paid_list_without_last_updated' as rule_id,
        subject_imports.account_id,
        subject_imports.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        coalesce(subject_imports.source_name, 'a list without a name')
        || ' (' || coalesce(subject_imports.source_type, 'source type not known') || ') has no date'
            as evidence,
        subject_imports.source_ref
    from subject_imports
    left join source_types
        on subject_imports.source_type = source_types.source_type
    where
        subject_imports.vendor_last_updated is null
        and coalesce(source_types.needs_last_updated, true)

)

select * from final
