-- One row per filled cell of a field that several columns of a file may carry (phone, email,
-- website, ...).
{% set fields = [
    'phone', 'email', 'website', 'technologies', 'intent_signal', 'linkedin_url', 'opt_out', 'opt_in',
    'contact_status',
] %}
with mapped_columns as (

    select
        import_id,
        field,
        column_rank,
        column_name
    from {{ ref('stg_import_columns') }}
    where field in ('{{ fields | join("', '") }}')

),

lead_rows as (

    select
        import_id,
        row_number,
        {{ json_map('payload') }} as cells
    from {{ source('raw', 'raw_lead_rows') }}

),

cells as (

    select
        lead_rows.import_id,
        lead_rows.row_number,
        mapped_columns.field,
        mapped_columns.column_rank,
        {{ map_value('lead_rows.cells', 'mapped_columns.column_name') }} as raw_value
    from lead_rows
    inner join mapped_columns
        on lead_rows.import_id = mapped_columns.import_id

)

select
    import_id,
    row_number,
    field,
    column_rank,
    raw_value
from cells
where trim(raw_value) <> ''
