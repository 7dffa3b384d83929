-- One row per accepted record of whose company something is in the graph: its own account id, under
-- which the company may once have been known, and its account today.
{{ config(materialized='view') }}
select
    row_account_id as alias_id,
    account_id
from {{ ref('clusters') }}

union all

-- Of a withdrawn import: where the company fell apart, the part that was landed first.
select
    alias_id,
    account_id
from {{ ref('former_account_ids') }}
where ordinal = 1
