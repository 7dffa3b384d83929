-- One row per filled technologies or intent signal cell of a record.
{{ config(materialized='incremental', incremental_strategy='append') }}
select
    import_id,
    row_number,
    field,
    column_rank,
    raw_value
from {{ ref('stg_lead_row_values') }}
where
    field in ('technologies', 'intent_signal')
    and {{ only_new_imports() }}
