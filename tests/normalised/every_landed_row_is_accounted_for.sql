-- Guards normalised.lead_rows. A row here: a landed record is missing, stands there twice, is
-- neither accepted nor rejected, lacks its reason or its account, or belongs to an account although
-- it must not; or an import landed fewer than it says.
with landed as (

    select
        import_id,
        row_number
    from {{ ref('stg_lead_rows') }}
    where {{ only_new_imports() }}

),

lead_rows as (

    select
        import_id,
        row_number,
        count(*) as times,
        bool_and(coalesce(
            case row_status
                when 'accepted' then reject_reason is null and (account_id is null) = is_withdrawn
                when 'rejected' then reject_reason is not null and account_id is null
            end,
            false
        )) as is_consistent
    from {{ ref('lead_rows') }}
    where {{ only_new_imports() }}
    group by import_id, row_number

),

per_import as (

    select
        imports.import_id,
        imports.rows_landed,
        count(landed.row_number) as rows_found
    from {{ ref('stg_lead_imports') }} as imports
    left join landed
        on imports.import_id = landed.import_id
    where {{ only_new_imports('imports.import_id') }}
    group by imports.import_id, imports.rows_landed

)

select
    coalesce(landed.import_id, lead_rows.import_id) as import_id,
    coalesce(landed.row_number, lead_rows.row_number) as row_number
from landed
full outer join lead_rows
    on
        landed.import_id = lead_rows.import_id
        and landed.row_number = lead_rows.row_number
where
    landed.import_id is null
    or lead_rows.import_id is null
    or lead_rows.times <> 1
    or not lead_rows.is_consistent

union all

select
    import_id,
    cast(null as bigint) as row_number
from per_import
where rows_landed <> rows_found
