{#
  hits: a relation or CTE with rule_id, account_id, contact_id (NULL: every contact of the account),
  channel (NULL: every channel) and evidence.
  Those of rules in force, with verdict_rank. A hit of a rule that the seed does not know blocks.
#}
{% macro effective_hits(hits) %}
select
    hits.rule_id,
    hits.account_id,
    hits.contact_id,
    hits.channel,
    hits.evidence,
    coalesce(rules.verdict_rank, 2) as verdict_rank
from {{ hits }} as hits
left join {{ ref('applicable_rules') }} as rules
    on hits.rule_id = rules.rule_id
where coalesce(rules.effective_from <= {{ now_utc() }}, true)
{% endmacro %}
