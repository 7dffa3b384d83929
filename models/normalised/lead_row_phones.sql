-- One row per phone number found in a record, valid or not, numbered in the order in which they are
-- believed.
{{ config(materialized='incremental', incremental_strategy='append') }}
with cells as (

    select * from {{ ref('lead_row_cells') }}
    where {{ only_new_imports() }}

),

parsed as (

    select * from {{ ref('stg_parsed_phones') }}

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
    left join parsed
        on cells.raw_value = parsed.raw_value
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
