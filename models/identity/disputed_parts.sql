-- One row per record of a disputed cluster: the part of the cluster that it stays in. Every record
-- goes to the side that it is most strongly linked to.
with nodes as (

    select
        landing_rank as node,
        is_decided,
        company_number
    from {{ ref('disputed_records') }}

),

links as (

    select
        edges.left_rank as left_node,
        edges.right_rank as right_node,
        edges.strength
    from {{ ref('edges') }} as edges
    inner join nodes
        on edges.left_rank = nodes.node

),

forbidden as (

    select
        decisions.left_rank as left_node,
        decisions.right_rank as right_node
    from {{ ref('pair_decisions') }} as decisions
    where decisions.decision = 'different'

),

parts as (

    {{ split_disputed('links', 'nodes', 'forbidden') | indent(4) }}

)

select
    node as landing_rank,
    component as part_rank
from parts
