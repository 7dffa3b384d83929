{#
  The connected components of an undirected graph as one SELECT of (node, component), where component
  is the smallest node.

  edges    a relation of left_node, right_node (bigint, below 2^31); duplicates and loops are allowed
  rounds   how often the graph is contracted. Each round sends every node to the one of itself and
           its neighbours that comes first in an order drawn anew per round: about half of the nodes
           go, on a chain as well. 32 rounds are more than 2^31 nodes need; rounds without an edge
           cost next to nothing. That it has converged is not assumed but tested
           (tests/identity/no_edge_joins_two_clusters.sql).

  No recursion: engines differ in it, and long chains end it. Each round is read several times, so it
  is stored. As a plain inequality, `least(..) <> greatest(..)` makes the optimiser choose a slow join.
#}
{% macro connected_components(edges, rounds=32) %}
{%- set prime = 2147483647 -%}
with edges_0 {{ computed_once() }} (

    select distinct
        least(left_node, right_node) as left_node,
        greatest(left_node, right_node) as right_node
    from {{ edges }}
    where least(left_node, right_node) <> greatest(left_node, right_node)

),

{% for round in range(1, rounds + 1) %}
{#- Multipliers of about the prime's size: neighbours by number are not neighbours in order. #}
{%- set multiplier = (1327217884 + round * 193939393) % prime -%}
{%- set summand = (round * 982451653) % prime -%}
moves_{{ round }} {{ computed_once() }} (

    select
        node,
        case
            when min((neighbour * {{ multiplier }} + {{ summand }}) % {{ prime }})
                < (node * {{ multiplier }} + {{ summand }}) % {{ prime }}
                then min_by(neighbour, (neighbour * {{ multiplier }} + {{ summand }}) % {{ prime }})
            else node
        end as target
    from (
        select left_node as node, right_node as neighbour from edges_{{ round - 1 }}
        union all
        select right_node as node, left_node as neighbour from edges_{{ round - 1 }}
    ) as both_directions
    group by node

),

edges_{{ round }} {{ computed_once() }} (

    select distinct
        least(left_moves.target, right_moves.target) as left_node,
        greatest(left_moves.target, right_moves.target) as right_node
    from edges_{{ round - 1 }} as edges
    inner join moves_{{ round }} as left_moves
        on edges.left_node = left_moves.node
    inner join moves_{{ round }} as right_moves
        on edges.right_node = right_moves.node
    where
        least(left_moves.target, right_moves.target)
        <> greatest(left_moves.target, right_moves.target)

),
{% endfor %}

{#- From the last round back to the first: where each node of the round ends up. -#}
ends_{{ rounds }} {{ computed_once() }} (

    select node, target from moves_{{ rounds }}

),

{% for round in range(rounds - 1, 0, -1) %}
ends_{{ round }} {{ computed_once() }} (

    select
        moves.node,
        coalesce(ends.target, moves.target) as target
    from moves_{{ round }} as moves
    left join ends_{{ round + 1 }} as ends
        on moves.target = ends.node

),

{% endfor %}
smallest as (

    select
        target,
        min(node) as component
    from ends_1
    group by target

)

select
    ends_1.node,
    smallest.component
from ends_1
inner join smallest
    on ends_1.target = smallest.target
{% endmacro %}
