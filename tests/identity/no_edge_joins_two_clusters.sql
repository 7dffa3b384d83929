-- Guards identity.clusters. A row here: the contraction has not converged, and records that a key
-- links are two accounts.
select
    kept_edges.left_rank,
    kept_edges.right_rank,
    kept_edges.key_kind
from {{ ref('kept_edges') }} as kept_edges
left join {{ ref('clusters') }} as left_clusters
    on kept_edges.left_rank = left_clusters.landing_rank
left join {{ ref('clusters') }} as right_clusters
    on kept_edges.right_rank = right_clusters.landing_rank
where left_clusters.account_id is distinct from right_clusters.account_id

union all

select
    edges.left_rank,
    edges.right_rank,
    edges.key_kind
from {{ ref('edges') }} as edges
left join {{ ref('first_clusters') }} as left_clusters
    on edges.left_rank = left_clusters.landing_rank
left join {{ ref('first_clusters') }} as right_clusters
    on edges.right_rank = right_clusters.landing_rank
where left_clusters.cluster_rank is distinct from right_clusters.cluster_rank
