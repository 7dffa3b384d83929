-- One row per pair of records that a key or a person's decision links.
{{ config(materialized='incremental', incremental_strategy='touched_keys') }}
with key_groups as (

    select * from {{ ref('key_groups') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

key_pairs as (

    select * from {{ ref('key_pairs') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

by_key as (

    {{ key_edges('key_groups', 'key_pairs') | indent(4) }}

),

decided as (

    select
        least(left_rank, right_rank) as left_rank,
        greatest(left_rank, right_rank) as right_rank,
        'decision' as key_kind,
        left_id || '|' || right_id as key_value,
        1.0 as likeness
    from {{ ref('pair_decisions') }}
    where decision = 'same'

),

combined as (

    select * from by_key
    union all
    select * from decided

),

final as (

    select
        left_rank,
        right_rank,
        key_kind,
        key_value,
        likeness,
        {{ edge_strength('key_kind', 'likeness') }} as strength
    from combined

)

select * from final
