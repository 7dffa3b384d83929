-- One row per phone number found in a record, valid or not, numbered in the order in which they are
-- believed.
{{ config(materialized='incremental', incremental_strategy='append') }}
with cells as (

    select * from {{ ref('lead_row_cells') }}
    where {{ only_new_imports() }}

),

imports as (

    select * from {{ ref('stg_lead_imports') }}

),

parsed as (

    select * from {{ ref('stg_parsed_phones') }}

),

-- Which country a text of a column names, by itself or as a place in it.
place_countries as (

    select
        mapped_values.field,
        mapped_values.value_text,
        case mapped_values.field
            when 'country' then mapped_values.code
            when 'region' then regions.country
            else cities.country
        end as country
    from {{ ref('mapped_values') }} as mapped_values
    left join {{ ref('regions') }} as regions
        on mapped_values.code = regions.region_code
    left join {{ ref('cities') }} as cities
        on mapped_values.code = cities.city
    where mapped_values.field in ('country', 'region', 'city')

),

elsewhere_values as (

    select distinct
        raw_value,
        dialled_in
    from parsed
    where dialled_in <> '{{ var('home_country') }}'

),

-- A number without country code is one of the row's own country, or of the list's where the row names none.
elsewhere as (

    select distinct
        cells.import_id,
        cells.row_number,
        cells.raw_value,
        elsewhere_values.dialled_in
    from cells
    inner join elsewhere_values
        on cells.raw_value = elsewhere_values.raw_value
    inner join {{ ref('lead_row_fields') }} as fields
        on
            cells.import_id = fields.import_id
            and cells.row_number = fields.row_number
    inner join imports
        on cells.import_id = imports.import_id
    {% for field in ['country', 'region', 'city'] %}
    left join place_countries as {{ field }}_values
        on
            fields.{{ field }} = {{ field }}_values.value_text
            and {{ field }}_values.field = '{{ field }}'
    {% endfor %}
    where
        coalesce(
            country_values.country, region_values.country, city_values.country, imports.country
        ) = elsewhere_values.dialled_in

),

-- A number in a wrong column counts when it is one; what is wrong about an email as a phone is of
-- no interest.
found as (

    select
        cells.import_id,
        cells.row_number,
        cells.field,
        cells.column_rank,
        coalesce(parsed.position, 1) as position,
        cells.cell_order + coalesce(parsed.position, 1) as phone_number,
        parsed.e164 as phone_e164,
        parsed.phone_type,
        parsed.region,
        parsed.extension,
        case
            when parsed.raw_value is null then 'not_parsed'
            when not coalesce(parsed.is_valid, false) then coalesce(parsed.reject_reason, 'invalid')
        end as reject_reason,
        parsed.phone_hash,
        parsed.key_id,
        coalesce(parsed.is_valid and parsed.e164 is not null, false) as is_valid
    from cells
    left join elsewhere
        on
            cells.import_id = elsewhere.import_id
            and cells.row_number = elsewhere.row_number
            and cells.raw_value = elsewhere.raw_value
    left join parsed
        on
            cells.raw_value = parsed.raw_value
            and parsed.dialled_in = coalesce(elsewhere.dialled_in, '{{ var('home_country') }}')
    where cells.field = 'phone' or parsed.is_valid

),

final as (

    select
        import_id,
        row_number,
        phone_number,
        field,
        column_rank,
        position,
        phone_e164,
        phone_type,
        region,
        extension,
        reject_reason,
        phone_hash,
        key_id,
        is_valid
    from found

)

select * from final
