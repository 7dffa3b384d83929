{#
  hits: a relation or CTE with rule_id, account_id, contact_id (NULL: every contact of the account),
  channel (NULL: every channel) and evidence.
  contact_channels: the contacts and channels that are asked about, with verdict_id.
  One row per hit of a rule in force and contact and channel that it reaches: verdict_id, rule_id,
  evidence, verdict_rank. A hit of a rule that the seed does not know blocks.
#}
{% macro hits_of_subjects(hits, contact_channels) %}
with effective_hits {{ computed_once() }} (
    {{ effective_hits(hits) }}
)

select
    contact_channels.verdict_id,
    effective_hits.rule_id,
    effective_hits.evidence,
    effective_hits.verdict_rank
from effective_hits
inner join {{ contact_channels }} as contact_channels
    on effective_hits.contact_id = contact_channels.contact_id
where coalesce(effective_hits.channel, contact_channels.channel) = contact_channels.channel

union all

select
    contact_channels.verdict_id,
    effective_hits.rule_id,
    effective_hits.evidence,
    effective_hits.verdict_rank
from effective_hits
inner join {{ contact_channels }} as contact_channels
    on effective_hits.account_id = contact_channels.account_id
where
    effective_hits.contact_id is null
    and coalesce(effective_hits.channel, contact_channels.channel) = contact_channels.channel
{% endmacro %}
