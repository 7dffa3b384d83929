-- One row per contact and channel that the build calls ready: its outreach_content, apart so that
-- reading what is ready does not read everybody's.
{{ config(materialized='table') }}
select content.*
from {{ ref('outreach_content') }} as content
inner join {{ ref('build_verdicts') }} as verdicts
    on content.verdict_id = verdicts.verdict_id
where verdicts.verdict_rank = 0
