-- One row per compliance rule with the verdict that counts: its floor, or the operator's
-- stricter one, never a milder one.
{{ config(materialized='view') }}
with rules as (

    select * from {{ ref('compliance_rules') }}

),

overrides as (

    select
        rule_id,
        max({{ verdict_rank('verdict') }}) as verdict_rank
    from {{ ref('rule_overrides') }}
    group by rule_id

),

ranked as (

    select
        rules.*,
        greatest(
            {{ verdict_rank('rules.verdict') }},
            coalesce(overrides.verdict_rank, 0)
        ) as verdict_rank
    from rules
    left join overrides
        on rules.rule_id = overrides.rule_id

),

final as (

    select
        rule_id,
        title,
        verdict as floor_verdict,
        {{ verdict_of_rank('verdict_rank') }} as verdict,
        evaluated,
        source,
        source_article,
        confidence,
        policy_version,
        verdict_rank,
        is_project_choice,
        effective_from
    from ranked

)

select * from final
