-- One row per edge that holds once "never merge" is respected: every edge, except in clusters with
-- such a pair. There keys link only records of one name, and two records of one name that are
-- decided different stand alone.
with edges as (

    select * from {{ ref('edges') }}

),

clusters as (

    select * from {{ ref('first_clusters') }}

),

forbidden_pairs as (

    select
        decisions.left_rank,
        decisions.right_rank,
        left_clusters.cluster_rank,
        left_rows.normalized_name = right_rows.normalized_name as has_one_name
    from {{ ref('pair_decisions') }} as decisions
    inner join clusters as left_clusters
        on decisions.left_rank = left_clusters.landing_rank
    inner join clusters as right_clusters
        on
            decisions.right_rank = right_clusters.landing_rank
            and left_clusters.cluster_rank = right_clusters.cluster_rank
    inner join {{ ref('identity_rows') }} as left_rows
        on decisions.left_rank = left_rows.landing_rank
    inner join {{ ref('identity_rows') }} as right_rows
        on decisions.right_rank = right_rows.landing_rank
    where decisions.decision = 'different'

),

disputed_records as (

    select clusters.landing_rank
    from clusters
    where clusters.cluster_rank in (select forbidden_pairs.cluster_rank from forbidden_pairs)

),

lone_records as (

    select left_rank as landing_rank from forbidden_pairs where has_one_name
    union
    select right_rank as landing_rank from forbidden_pairs where has_one_name

),

disputed_keys as (

    select key_groups.*
    from {{ ref('key_groups') }} as key_groups
    inner join disputed_records
        on key_groups.landing_rank = disputed_records.landing_rank
    left join lone_records
        on key_groups.landing_rank = lone_records.landing_rank
    where lone_records.landing_rank is null

),

final as (

    select
        edges.left_rank,
        edges.right_rank,
        edges.key_kind,
        edges.key_value
    from edges
    left join disputed_records
        on edges.left_rank = disputed_records.landing_rank
    where disputed_records.landing_rank is null

    union all

    select * from (
        {{ star_edges('disputed_keys', 'link_group, normalized_name') | indent(8) }}
    ) as disputed_edges

)

select * from final
