-- One row per landed record, with the text of each field that one column of the file carries (the
-- first of several). The mapping is applied here and not at landing, so that a better mapping re-
-- reads old records.
{% set fields = [
    'company_name', 'company_name_ar', 'brand', 'contact_name', 'contact_first_name',
    'contact_last_name', 'contact_role', 'place_id', 'national_number', 'cr_number', 'vat_number',
    'city', 'region', 'country', 'address', 'latitude', 'longitude', 'sector', 'subsector',
    'legal_form', 'employee_count', 'opening_hours', 'source_url', 'last_updated',
    'business_status',
] %}
with columns_of_imports as (

    select
        import_id,
        {% for field in fields %}
        max(column_name) filter (where field = '{{ field }}')
            as {{ field }}_column{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('stg_import_columns') }}
    where column_rank = 1
    group by import_id

),

lead_rows as (

    select
        import_id,
        row_number,
        row_hash,
        -- Spreadsheets save what they once formatted as lines of delimiters.
        not {{ matches_pattern('cast(payload as ' ~ dbt.type_string() ~ ')', '": *" *[^" ]') }}
            as is_empty,
        {{ json_map('payload') }} as cells
    from {{ source('raw', 'raw_lead_rows') }}

),

final as (

    select
        lead_rows.import_id,
        lead_rows.row_number,
        lead_rows.row_hash,
        lead_rows.is_empty,
        {% for field in fields %}
        {{ map_value('lead_rows.cells', 'columns_of_imports.' ~ field ~ '_column') }}
            as {{ field }}{{ ',' if not loop.last }}
        {% endfor %}
    from lead_rows
    left join columns_of_imports
        on lead_rows.import_id = columns_of_imports.import_id

)

select * from final
