{#
  Which records of disputed clusters stay together, as one SELECT of (node, component). Every record
  goes to the side that it is most strongly linked to, link by link, and no link is cut that need
  not be: a maximum spanning forest that grows from the records in dispute.

  edges      a relation of left_node, right_node (bigint, below 2^31), strength (0 is the strongest)
  nodes      a relation of node, is_decided (a person told it apart from another), company_number
             (records of two numbers never meet; NULL: unknown)
  forbidden  a relation of left_node, right_node: may never meet

  Growing: in each round the records (then: groups) that a coin, drawn anew per round, does not hold
  in place go along their strongest links to the first one that stays: held by its coin, or in
  dispute, which never moves. Nearly half of those that can move do per round. At last, groups that nothing keeps
  apart are joined again, first those that are each other's strongest link: of A, B and C, where only
  A differs from both, B and C stay one.

  That it has converged is not assumed but tested (tests/identity/every_part_has_its_reason.sql); what
  had not would stand apart, never merged.
#}
{% macro split_disputed(edges, nodes, forbidden, rounds=28, joins=8) %}
{%- set prime = 2147483647 -%}
{#- Lehmer's generator (Park and Miller's multiplier), so that one round's coins say nothing of the next's. -#}
{%- set draw = namespace(next=1) -%}
with edges_0 {{ computed_once() }} (

    select
        least(left_node, right_node) as left_node,
        greatest(left_node, right_node) as right_node,
        min(strength) as strength
    from {{ edges }}
    where least(left_node, right_node) <> greatest(left_node, right_node)
    group by 1, 2

),

{% for round in range(1, rounds + 1) %}
{#- Squares, so that the coins of neighbours by number have nothing to do with each other. #}
{%- set multiplier = draw.next * 48271 % prime -%}
{%- set factor = multiplier * 48271 % prime -%}
{%- set summand = factor * 48271 % prime -%}
{%- set draw.next = summand -%}
picks_{{ round }} {{ computed_once() }} (

    select
        links.node,
        min_by(links.neighbour, links.strength * cast(2147483648 as bigint) + links.neighbour)
            as target
    from (
        select left_node as node, right_node as neighbour, strength
        from edges_{{ round - 1 }}
        union all
        select right_node as node, left_node as neighbour, strength
        from edges_{{ round - 1 }}
    ) as links
    inner join {{ nodes }} as movers
        on links.node = movers.node
    inner join {{ nodes }} as neighbours
        on links.neighbour = neighbours.node
    where
        not movers.is_decided
        and (
            movers.company_number is null
            or coalesce(movers.company_number = neighbours.company_number, false)
        )
        and (
            ((links.node * links.node) % {{ prime }}) * {{ multiplier }}
            + links.node * {{ factor }} + {{ summand }}
        ) % {{ prime }} < {{ prime // 2 }}
    group by links.node

),

-- Who does not move stays; the others follow to one who stays.
steps_{{ round }} {{ computed_once() }} (

    select
        picks.node,
        coalesce(next_picks.target, picks.target) as target
    from picks_{{ round }} as picks
    left join picks_{{ round }} as next_picks
        on picks.target = next_picks.node

),

moves_{{ round }} {{ computed_once() }} (

    select
        picks.node,
        coalesce(steps.target, picks.target) as target
    from steps_{{ round }} as picks
    left join steps_{{ round }} as steps
        on picks.target = steps.node
    left join picks_{{ round }} as leavers
        on coalesce(steps.target, picks.target) = leavers.node
    where leavers.node is null

),

edges_{{ round }} {{ computed_once() }} (

    select
        least(left_node, right_node) as left_node,
        greatest(left_node, right_node) as right_node,
        min(strength) as strength
    from (
        select
            coalesce(left_moves.target, edges.left_node) as left_node,
            coalesce(right_moves.target, edges.right_node) as right_node,
            edges.strength
        from edges_{{ round - 1 }} as edges
        left join moves_{{ round }} as left_moves
            on edges.left_node = left_moves.node
        left join moves_{{ round }} as right_moves
            on edges.right_node = right_moves.node
    ) as moved
    where least(left_node, right_node) <> greatest(left_node, right_node)
    group by 1, 2

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

    union all

    select
        ends.node,
        ends.target
    from ends_{{ round + 1 }} as ends
    left join moves_{{ round }} as moves
        on ends.node = moves.node
    where moves.node is null

),

{% endfor %}
parts_0 {{ computed_once() }} (

    select
        nodes.node,
        coalesce(ends_1.target, nodes.node) as part
    from {{ nodes }} as nodes
    left join ends_1
        on nodes.node = ends_1.node

),

{% for join in range(1, joins + 1) %}
part_numbers_{{ join }} {{ computed_once() }} (

    select
        parts.part,
        max(nodes.company_number) as company_number
    from parts_{{ join - 1 }} as parts
    inner join {{ nodes }} as nodes
        on parts.node = nodes.node
    group by parts.part

),

forbidden_parts_{{ join }} {{ computed_once() }} (

    select distinct
        least(left_parts.part, right_parts.part) as left_part,
        greatest(left_parts.part, right_parts.part) as right_part
    from {{ forbidden }} as forbidden
    inner join parts_{{ join - 1 }} as left_parts
        on forbidden.left_node = left_parts.node
    inner join parts_{{ join - 1 }} as right_parts
        on forbidden.right_node = right_parts.node

),

links_{{ join }} {{ computed_once() }} (

    select
        links.left_part,
        links.right_part,
        links.strength
    from (
        select
            least(left_parts.part, right_parts.part) as left_part,
            greatest(left_parts.part, right_parts.part) as right_part,
            min(edges.strength) as strength
        from edges_0 as edges
        inner join parts_{{ join - 1 }} as left_parts
            on edges.left_node = left_parts.node
        inner join parts_{{ join - 1 }} as right_parts
            on edges.right_node = right_parts.node
        group by 1, 2
    ) as links
    left join forbidden_parts_{{ join }} as forbidden_parts
        on
            links.left_part = forbidden_parts.left_part
            and links.right_part = forbidden_parts.right_part
    inner join part_numbers_{{ join }} as left_numbers
        on links.left_part = left_numbers.part
    inner join part_numbers_{{ join }} as right_numbers
        on links.right_part = right_numbers.part
    where
        least(links.left_part, links.right_part) <> greatest(links.left_part, links.right_part)
        and forbidden_parts.left_part is null
        and coalesce(left_numbers.company_number = right_numbers.company_number, true)

),

best_{{ join }} {{ computed_once() }} (

    select
        part,
        min_by(neighbour, strength * cast(2147483648 as bigint) + neighbour) as target,
        min(strength) * cast(2147483648 as bigint) + part as turn
    from (
        select left_part as part, right_part as neighbour, strength from links_{{ join }}
        union all
        select right_part as part, left_part as neighbour, strength from links_{{ join }}
    ) as both_directions
    group by part

),

movers_{{ join }} {{ computed_once() }} (

    select
        best.part,
        best.target,
        best.turn,
        numbers.company_number
    from best_{{ join }} as best
    inner join best_{{ join }} as targets
        on best.target = targets.part
    inner join best_{{ join }} as returns
        on targets.target = returns.part
    inner join part_numbers_{{ join }} as numbers
        on best.part = numbers.part
    where
        returns.target = best.target
        and best.target < targets.target
        or (targets.target = best.part and best.target < best.part)

),

-- Of two that may not meet, the one with the weaker link waits for the next round and is then kept
-- out.
waiting_{{ join }} {{ computed_once() }} (

    select
        case when left_movers.turn > right_movers.turn then left_movers.part else right_movers.part end
            as part
    from forbidden_parts_{{ join }} as forbidden_parts
    inner join movers_{{ join }} as left_movers
        on forbidden_parts.left_part = left_movers.part
    inner join movers_{{ join }} as right_movers
        on
            forbidden_parts.right_part = right_movers.part
            and left_movers.target = right_movers.target

    union

    select movers.part
    from movers_{{ join }} as movers
    inner join (
        select
            target,
            min_by(company_number, turn) as company_number
        from movers_{{ join }}
        where company_number is not null
        group by target
    ) as first_numbers
        on movers.target = first_numbers.target
    where movers.company_number <> first_numbers.company_number

),

parts_{{ join }} {{ computed_once() }} (

    select
        parts.node,
        case
            when waiting.part is null then coalesce(movers.target, parts.part)
            else parts.part
        end as part
    from parts_{{ join - 1 }} as parts
    left join movers_{{ join }} as movers
        on parts.part = movers.part
    left join waiting_{{ join }} as waiting
        on parts.part = waiting.part

),

{% endfor %}
smallest as (

    select
        part,
        min(node) as component
    from parts_{{ joins }}
    group by part

)

select
    parts.node,
    smallest.component
from parts_{{ joins }} as parts
inner join smallest
    on parts.part = smallest.part
{% endmacro %}
