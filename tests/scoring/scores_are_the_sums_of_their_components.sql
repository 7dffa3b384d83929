-- Guards scoring.lead_scores. A row here: a score that score_components does not explain, or
-- that leaves its range.
with sums as (

    select
        account_id,
        sum(case when dimension in ('fit', 'intent', 'access', 'revenue') then points else 0 end)
            as total_score,
        sum(case when dimension = 'data_quality' then points else 0 end) as data_quality_score,
        sum(case when dimension = 'risk' then points else 0 end) as risk_score
    from {{ ref('score_components') }}
    where {{ only_touched_accounts() }}
    group by account_id

)

select
    accounts.account_id,
    lead_scores.total_score,
    sums.total_score as component_total
from {{ ref('accounts') }} as accounts
left join {{ ref('lead_scores') }} as lead_scores
    on accounts.account_id = lead_scores.account_id
left join sums
    on accounts.account_id = sums.account_id
where
    {{ only_touched_accounts('accounts.account_id') }}
    and (
        lead_scores.total_score is distinct from sums.total_score
        or lead_scores.data_quality_score is distinct from sums.data_quality_score
        or lead_scores.risk_score is distinct from sums.risk_score
        or not coalesce(lead_scores.total_score between 0 and 100, false)
        or not coalesce(lead_scores.data_quality_score between 0 and 100, false)
        or not coalesce(lead_scores.risk_score between 0 and 100, false)
    )
