-- One row per filled phone, email or website cell of a record, with its place in the order in which
-- cells are believed.
{{ config(materialized='incremental', incremental_strategy='append') }}
select
    import_id,
    row_number,
    field,
    column_rank,
    raw_value,
    cast(case field when 'phone' then 1 when 'email' then 2 else 3 end as bigint) * 10000000000
    + column_rank * 100000 as cell_order
from {{ ref('stg_lead_row_values') }}
where
    field in ('phone', 'email', 'website')
    and {{ only_new_imports() }}
