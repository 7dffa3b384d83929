-- One row per import whose rows the graph was built from or left out knowingly; the others are
-- not in the built tables yet. Built after the verdicts: until these know an import's opt-outs, the gate
-- reads them from its rows.
{{- built_after('build_verdicts') }}
select distinct import_id
from {{ ref('lead_rows_parsed') }}
