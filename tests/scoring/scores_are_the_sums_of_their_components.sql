-- Guards scoring.lead_scores and score_components. A row here: a score that score_components does not
-- explain, or that leaves its range, or an account of which a component counts twice or says nothing.
with sums as (

    select
        account_id,
        count(*) - count(distinct component) as repeated_count,
        bool_or(dimension is null or evidence is null or points is null or max_points is null)
            as is_empty,
        sum(case when dimension in ('fit', 'intent', 'access', 'revenue') then points else 0 end)
            as total_score,
        sum(case when dimension = 'data_quality' then points else 0 end) as data_quality_score,
        sum(case when dimension = 'risk' then points else 0 end) as risk_score
    from {{ score_components_in_scope() }} as components
    group by account_id

),

accounts as (

    select account_id
    from {{ ref('accounts') }}
    where {{ only_touched_accounts() }}

),

lead_scores as (

    select * from {{ ref('lead_scores') }}
    where {{ only_touched_accounts() }}

)

select
    accounts.account_id,
    lead_scores.total_score,
    sums.total_score as component_total
from accounts
left join lead_scores
    on accounts.account_id = lead_scores.account_id
left join sums
    on accounts.account_id = sums.account_id
where
    lead_scores.total_score is distinct from sums.total_score
    or lead_scores.data_quality_score is distinct from sums.data_quality_score
    or lead_scores.risk_score is distinct from sums.risk_score
    or sums.repeated_count > 0
    or sums.is_empty
    or not coalesce(lead_scores.total_score between 0 and 100, false)
    or not coalesce(lead_scores.data_quality_score between 0 and 100, false)
    or not coalesce(lead_scores.risk_score between 0 and 100, false)
