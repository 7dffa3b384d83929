-- One row per import and column of it that holds sensitive data: no model reads it.
with import_columns as (

    select * from {{ ref('stg_import_columns') }}

),

final as (

    select
        'sensitive_column' as rule_id,
        import_id as subject,
        'sensitive data, not read: column ' || column_name as evidence,
        import_id as source_ref
    from import_columns
    where field = 'sensitive_other'

)

select * from final
