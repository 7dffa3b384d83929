-- One row per contact and channel that is ready at this moment: what live_verdicts calls ready, found
-- without judging all the others.
{{ config(materialized='view') }}
-- What happened since the build can only make a verdict worse: whoever the build did not call ready
-- need not be asked about.
with ready_at_build as (

    select * from {{ ref('build_verdicts') }}
    where verdict_rank = 0

),

asked as (

    select
        verdict_id,
        account_number as account_id,
        contact_number as contact_id,
        channel
    from ready_at_build

),

hits as (
    {{ read_hits_of('asked') }}
),

reached as (
    {{ hits_of_subjects('hits', 'asked') }}
),

final as (

    select
        ready_at_build.verdict_id,
        ready_at_build.account_id,
        ready_at_build.contact_id,
        ready_at_build.channel,
        'ready' as verdict,
        {{ array_where(split_text('ready_at_build.rules', ', '), "item <> ''") }} as rule_ids,
        ready_at_build.reasons,
        ready_at_build.preference
    from ready_at_build
    -- Were the id of somebody reached unknown, nobody would be ready.
    where ready_at_build.verdict_id not in (
        select reached.verdict_id
        from reached
        where reached.verdict_rank > 0
    )

)

select * from final
