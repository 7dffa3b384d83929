-- One row per linked record: the cluster that it is in once "never merge" is respected, and how many
-- records that has. Only what was disputed is put together anew.
with disputed as (

    select landing_rank from {{ ref('disputed_parts') }}

),

links as (

    select distinct
        kept_edges.left_rank as left_node,
        kept_edges.right_rank as right_node
    from {{ ref('kept_edges') }} as kept_edges
    inner join disputed
        on kept_edges.left_rank = disputed.landing_rank

),

parts as (

    {{ connected_components('links') | indent(4) }}

),

kept as (

    select
        first_clusters.landing_rank,
        first_clusters.cluster_rank
    from {{ ref('first_clusters') }} as first_clusters
    left join disputed
        on first_clusters.landing_rank = disputed.landing_rank
    where disputed.landing_rank is null

    union all

    select
        node as landing_rank,
        component as cluster_rank
    from parts

),

sizes as (

    select
        cluster_rank,
        count(*) as record_count
    from kept
    group by cluster_rank

),

final as (

    select
        kept.landing_rank,
        kept.cluster_rank,
        sizes.record_count
    from kept
    inner join sizes
        on kept.cluster_rank = sizes.cluster_rank

)

select * from final
