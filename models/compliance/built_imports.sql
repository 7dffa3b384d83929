-- One row per import whose rows the graph was built from or left out knowingly; the others are
-- not in the built tables yet.
select distinct import_id
from {{ ref('lead_rows_parsed') }}
