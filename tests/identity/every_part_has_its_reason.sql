-- Guards identity.disputed_parts. A row here: a link of a disputed cluster was cut although nothing
-- keeps its two parts apart (no "never merge", no two national numbers), or a part is not connected.
with parts as (

    select
        disputed_parts.landing_rank,
        disputed_parts.part_rank,
        disputed_records.company_number
    from {{ ref('disputed_parts') }} as disputed_parts
    inner join {{ ref('disputed_records') }} as disputed_records
        on disputed_parts.landing_rank = disputed_records.landing_rank

),

part_numbers as (

    select
        part_rank,
        max(company_number) as company_number
    from parts
    group by part_rank

),

reasons as (

    select
        left_parts.part_rank as left_part,
        right_parts.part_rank as right_part
    from {{ ref('pair_decisions') }} as decisions
    inner join parts as left_parts
        on decisions.left_rank = left_parts.landing_rank
    inner join parts as right_parts
        on decisions.right_rank = right_parts.landing_rank
    where decisions.decision = 'different'

)

select distinct
    left_parts.part_rank as left_part,
    right_parts.part_rank as right_part
from {{ ref('edges') }} as edges
inner join parts as left_parts
    on edges.left_rank = left_parts.landing_rank
inner join parts as right_parts
    on edges.right_rank = right_parts.landing_rank
inner join part_numbers as left_numbers
    on left_parts.part_rank = left_numbers.part_rank
inner join part_numbers as right_numbers
    on right_parts.part_rank = right_numbers.part_rank
left join reasons
    on
        least(left_parts.part_rank, right_parts.part_rank)
        = least(reasons.left_part, reasons.right_part)
        and greatest(left_parts.part_rank, right_parts.part_rank)
        = greatest(reasons.left_part, reasons.right_part)
where
    left_parts.part_rank <> right_parts.part_rank
    and reasons.left_part is null
    and coalesce(left_numbers.company_number = right_numbers.company_number, true)

union all

select
    disputed_parts.part_rank as left_part,
    disputed_parts.part_rank as right_part
from {{ ref('disputed_parts') }} as disputed_parts
inner join {{ ref('clusters') }} as clusters
    on disputed_parts.landing_rank = clusters.landing_rank
where disputed_parts.part_rank <> clusters.cluster_rank
