-- One row per question to ask now: of the best accounts, in the order of outreach.enrichment_candidates,
-- as long as the budget lasts.
with candidates as materialized (

    select candidates.*
    from outreach.enrichment_candidates as candidates
    inner join (select max(level_rank) as level_rank from reference.enrichment_endpoints where level = $level)
        as chosen
        on candidates.level_rank <= chosen.level_rank
    where
        list_contains($providers::varchar[], candidates.provider)
        and (
            $import_id is null
            or candidates.account_id in (
                select account_id from normalised.lead_rows where import_id = $import_id
            )
        )
        and ($accounts is null or list_contains($accounts::varchar[], candidates.account_id))

),

best_accounts as (

    select account_id
    from candidates
    group by account_id
    order by min(candidate_rank)
    limit $max_accounts

),

summed as (

    select
        candidates.*,
        sum(candidates.cost_sar) over (order by candidates.candidate_rank rows unbounded preceding) as total_cost
    from candidates
    inner join best_accounts
        on candidates.account_id = best_accounts.account_id

)

select
    summed.account_id,
    summed.company_name,
    summed.provider,
    summed.endpoint,
    summed.subject,
    summed.argument,
    summed.page_kind,
    summed.missing,
    cast(summed.cost_sar as double) as cost_sar,
    endpoints.content_hours
from summed
inner join reference.enrichment_endpoints as endpoints
    on
        summed.provider = endpoints.provider
        and summed.endpoint = endpoints.endpoint
where summed.cost_sar = 0 or $budget is null or summed.total_cost <= $budget
order by summed.candidate_rank
