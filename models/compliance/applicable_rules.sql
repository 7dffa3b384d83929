-- One row per compliance rule (a row of the seed, a file or an override) with the verdict that
-- counts: never milder than its floor. Its contract fails the build when a rule has no row, no
-- file or no citation, or when somebody asks for less than the floor.
{{ config(materialized='table') }}
with rules as (

    select * from {{ ref('compliance_rules') }}

),

overrides as (

    select * from {{ ref('rule_overrides') }}

),

rule_files as (
    {{ rule_files() }}
    {%- if flags.EMPTY %}
    -- `dbt run --empty` empties the seeds: files without their rows would break the contract.
    limit 0
    {%- endif %}
),

named as (

    select rule_id from rules
    union
    select rule_id from rule_files
    union
    select rule_id from overrides

),

joined as (

    select
        named.rule_id,
        rules.title_en,
        rules.title_ar,
        rules.floor as floor_verdict,
        rules.verdict as seed_verdict,
        overrides.verdict as override_verdict,
        overrides.rule_id is not null as has_override,
        rules.evaluated,
        rules.source,
        rules.source_article,
        rules.confidence,
        rules.is_project_choice,
        rules.effective_from,
        coalesce(rule_files.has_file and rule_files.evaluated = rules.evaluated, false) as has_file,
        coalesce({{ is_looser('rules.verdict', 'rules.floor') }}, true)
        or (
            overrides.rule_id is not null
            and coalesce({{ is_looser('overrides.verdict', 'rules.floor') }}, true)
        ) as is_looser_than_floor
    from named
    left join rules
        on named.rule_id = rules.rule_id
    left join rule_files
        on named.rule_id = rule_files.rule_id
    left join overrides
        on named.rule_id = overrides.rule_id

),

ranked as (

    select
        *,
        greatest(
            {{ verdict_rank('floor_verdict') }},
            {{ verdict_rank('seed_verdict') }},
            case when has_override then {{ verdict_rank('override_verdict') }} else 0 end
        ) as verdict_rank
    from joined

),

final as (

    select
        rule_id,
        title_en,
        title_ar,
        floor_verdict,
        case
            when evaluated = 'finding' then floor_verdict
            else {{ verdict_of_rank('verdict_rank') }}
        end as verdict,
        evaluated,
        source,
        source_article,
        confidence,
        cast(verdict_rank as integer) as verdict_rank,
        is_project_choice,
        has_file,
        is_looser_than_floor,
        effective_from
    from ranked

)

select * from final
