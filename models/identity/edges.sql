-- One row per pair of records that a key or a person's decision links.
with star as (

    {{ star_edges(ref('key_groups'), 'link_group') }}

),

decided as (

    select
        least(left_rank, right_rank) as left_rank,
        greatest(left_rank, right_rank) as right_rank,
        'decision' as key_kind,
        left_id || '|' || right_id as key_value
    from {{ ref('pair_decisions') }}
    where decision = 'same'

),

final as (

    select * from star
    union all
    select * from decided

)

select * from final
