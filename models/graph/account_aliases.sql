-- One row per accepted record: its own account id, under which it may once have been known, and its
-- account today.
select
    row_account_id as alias_id,
    account_id
from {{ ref('clusters') }}
