-- One row per contact and channel that is ready at this moment: what live_verdicts calls ready, found
-- without judging all the others.
{{ config(materialized='view') }}
-- What happened since the build can only make a verdict worse: whoever the build did not call ready
-- need not be asked about.
with asked {{ computed_once() }} (

    select * from {{ ref('build_verdicts') }}
    where verdict_rank = 0

),

hits as (
    {{ read_hits_of('asked') }}
),

reached as (
    {{ hits_of_subjects('hits', 'asked') }}
),

final as (

    select
        asked.verdict_id,
        asked.account_id,
        asked.contact_id,
        asked.channel,
        'ready' as verdict,
        {{ array_where(split_text('asked.rules', ', '), "item <> ''") }} as rule_ids,
        asked.reasons,
        asked.preference
    from asked
    -- Were the id of somebody reached unknown, nobody would be ready.
    where asked.verdict_id not in (
        select reached.verdict_id
        from reached
        where reached.verdict_rank > 0
    )

)

select * from final
