{#
  built: a relation or CTE, rows of build_verdicts.
  hits: a relation or CTE, the hits now of rules that are evaluated at read.
  contact_channels: the contacts and channels behind `built`, with verdict_id.
  One row per row of `built`: the verdict at this moment, the worse of the build's and of what
  happened since.
#}
{% macro judged_now(built, hits, contact_channels) %}
with hit_now as (
    {{ subject_verdicts(hits, 'read', contact_channels) }}
),

policy as (

    select policy_version
    from {{ ref('policy_version') }}

),

joined as (

    select
        built.verdict_id,
        built.account_id,
        built.contact_id,
        built.channel,
        concat_ws(', ', nullif(hit_now.rules, ''), nullif(built.rules, '')) as rules,
        concat_ws('; ', nullif(hit_now.reasons, ''), nullif(built.reasons, '')) as reasons,
        concat_ws('; ', nullif(hit_now.evidence, ''), nullif(built.evidence, '')) as evidence,
        greatest(coalesce(built.verdict_rank, 2), coalesce(hit_now.verdict_rank, 0)) as verdict_rank,
        built.preference
    from {{ built }} as built
    left join hit_now
        on built.verdict_id = hit_now.verdict_id

)

select
    joined.verdict_id,
    joined.account_id,
    joined.contact_id,
    joined.channel,
    {{ verdict_of_rank('joined.verdict_rank') }} as verdict,
    {{ array_where(split_text('joined.rules', ', '), "item <> ''") }} as rule_ids,
    joined.reasons,
    joined.evidence,
    policy.policy_version,
    joined.preference
from joined
cross join policy
{% endmacro %}
