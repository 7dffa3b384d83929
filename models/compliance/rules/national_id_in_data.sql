-- One row per import and column of it that holds identity numbers of persons: no model reads it.
with import_columns as (

    select * from {{ ref('stg_import_columns') }}

),

final as (

    select
        'national_id_in_data' as rule_id,
        import_id as subject,
        'identity numbers of persons, not read: column ' || column_name as evidence,
        import_id as source_ref
    from import_columns
    where field = 'sensitive_national_id'

)

select * from final
