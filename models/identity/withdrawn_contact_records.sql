-- One row per record of a company of which a list was withdrawn and record of that company under the same
-- name of a person, or like it of none: what a contact was made of before, by the contact id of the first.
{{ config(materialized='view') }}
with company_records as (

    select * from {{ ref('withdrawn_groups') }}

),

final as (

    select
        named.row_contact_id as alias_id,
        records.import_id,
        records.row_number
    from company_records as named
    inner join company_records as records
        on named.group_rank = records.group_rank
    where lower(named.contact_name) is not distinct from lower(records.contact_name)

)

select * from final
