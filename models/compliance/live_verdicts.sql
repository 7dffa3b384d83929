-- One row per contact and channel: the verdict at this moment, the worst of its rules.
{{ config(materialized='view') }}
with read_rule_hits as (
    {{ union_of_rules('read') }}
),

hit_now as (
    {{ subject_verdicts('read_rule_hits', 'read') }}
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
    from {{ ref('build_verdicts') }} as built
    left join hit_now
        on built.verdict_id = hit_now.verdict_id

),

final as (

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

)

select * from final
