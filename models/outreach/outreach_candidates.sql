-- One row per account: its best contact and channel at this moment, with the verdict and the
-- reasons for it.
with verdicts {{ computed_once() }} (

    select * from {{ ref('live_verdicts') }}

),

first_choices as (

    select
        account_id,
        min_by(verdict_id, {{ verdict_rank('verdict') }} * 1000000000 + preference) as verdict_id
    from verdicts
    group by account_id

),

best as (

    select
        content.*,
        verdicts.verdict,
        verdicts.rule_ids,
        verdicts.reasons
    from first_choices
    inner join verdicts
        on first_choices.verdict_id = verdicts.verdict_id
    inner join {{ ref('outreach_content') }} as content
        on first_choices.verdict_id = content.verdict_id

),

final as (
    {{ candidates('best') }}
)

select * from final
