-- One row per block and pair of accounts in it, with the names by which they are compared: all in a full
-- build, those of touched blocks in an incremental one. A block of many says nothing.
{%- set largest_block = 20 %}
{%- set most_pairs = 60 %}
with name_blocks {{ computed_once() }} (

    select * from {{ ref('name_blocks') }}
    where {{ only_touched_blocks() }}

),

small_blocks as (

    select block
    from name_blocks
    group by block
    having
        count(*) filter (where is_arabic is null) between 2 and {{ largest_block }}
        or count(*) filter (where is_arabic) * count(*) filter (where not is_arabic)
        between 1 and {{ most_pairs }}

),

small {{ computed_once() }} (

    select name_blocks.*
    from name_blocks
    inner join small_blocks
        on name_blocks.block = small_blocks.block

),

final as (

    select
        left_side.block,
        left_side.cluster_rank as left_rank,
        right_side.cluster_rank as right_rank,
        left_side.names_key as left_names,
        right_side.names_key as right_names
    from small as left_side
    inner join small as right_side
        on left_side.block = right_side.block
    where
        left_side.cluster_rank < right_side.cluster_rank
        and coalesce(left_side.is_arabic <> right_side.is_arabic, true)

)

select * from final
