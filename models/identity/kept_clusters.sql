-- One row per accepted record: the cluster that it is in once "never merge" is respected, and how many
-- records that has; what nothing links is its own. Only what was disputed is put together anew.
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
        identity_rows.landing_rank,
        coalesce(kept.cluster_rank, identity_rows.landing_rank) as cluster_rank,
        coalesce(sizes.record_count, 1) as record_count
    from {{ ref('identity_rows') }} as identity_rows
    left join kept
        on identity_rows.landing_rank = kept.landing_rank
    left join sizes
        on kept.cluster_rank = sizes.cluster_rank

)

select * from final
