-- One row per edge that holds once "never merge" is respected: every edge, except between the parts
-- of a disputed cluster.
{{ config(materialized='view') }}
with edges as (

    select * from {{ ref('edges') }}

),

parts as (

    select * from {{ ref('disputed_parts') }}

),

final as (

    select
        edges.left_rank,
        edges.right_rank,
        edges.key_kind,
        edges.key_value,
        edges.likeness,
        edges.strength
    from edges
    left join parts as left_parts
        on edges.left_rank = left_parts.landing_rank
    left join parts as right_parts
        on edges.right_rank = right_parts.landing_rank
    where
        left_parts.landing_rank is null
        or left_parts.part_rank = right_parts.part_rank

)

select * from final
