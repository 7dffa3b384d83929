-- Guards identity.clusters. A row here: a person decided that two records are different companies,
-- and they are one account.
select
    decisions.left_id,
    decisions.right_id
from {{ ref('pair_decisions') }} as decisions
inner join {{ ref('clusters') }} as left_clusters
    on decisions.left_rank = left_clusters.landing_rank
inner join {{ ref('clusters') }} as right_clusters
    on decisions.right_rank = right_clusters.landing_rank
where
    decisions.decision = 'different'
    and left_clusters.account_id = right_clusters.account_id
