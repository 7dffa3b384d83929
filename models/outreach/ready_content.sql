-- One row per contact and channel that the build calls ready: its outreach_content and what the build
-- said, apart so that reading what is ready does not read everybody's.
{{ config(materialized='table') }}
select
    content.*,
    {{ array_where(split_text('verdicts.rules', ', '), "item <> ''") }} as rule_ids,
    verdicts.reasons,
    verdicts.account_number,
    verdicts.contact_number,
    row_number() over (
        partition by verdicts.account_id
        order by verdicts.preference
    ) as choice
from {{ ref('outreach_content') }} as content
inner join {{ ref('build_verdicts') }} as verdicts
    on content.verdict_id = verdicts.verdict_id
where verdicts.verdict_rank = 0
-- Second choices are seldom read.
order by choice
