-- One row per record of a cluster in which two records may not be one company: a person said "never
-- merge", or they have different national numbers and a third record links them.
with clusters as (

    select * from {{ ref('first_clusters') }}

),

identity_rows as (

    select * from {{ ref('identity_rows') }}

),

forbidden_pairs as (

    select
        decisions.left_rank,
        decisions.right_rank,
        left_clusters.cluster_rank
    from {{ ref('pair_decisions') }} as decisions
    inner join clusters as left_clusters
        on decisions.left_rank = left_clusters.landing_rank
    inner join clusters as right_clusters
        on
            decisions.right_rank = right_clusters.landing_rank
            and left_clusters.cluster_rank = right_clusters.cluster_rank
    where decisions.decision = 'different'

),

-- Where a person said that two numbers are one company, they count as one.
same_numbers as (

    select
        greatest(left_rows.national_number, right_rows.national_number) as national_number,
        min(least(left_rows.national_number, right_rows.national_number)) as company_number
    from {{ ref('pair_decisions') }} as decisions
    inner join identity_rows as left_rows
        on decisions.left_rank = left_rows.landing_rank
    inner join identity_rows as right_rows
        on decisions.right_rank = right_rows.landing_rank
    where
        decisions.decision = 'same'
        and left_rows.national_number <> right_rows.national_number
    group by 1

),

numbered as (

    select
        clusters.landing_rank,
        clusters.cluster_rank,
        coalesce(same_numbers.company_number, identity_rows.national_number) as company_number
    from clusters
    inner join identity_rows
        on clusters.landing_rank = identity_rows.landing_rank
    left join same_numbers
        on identity_rows.national_number = same_numbers.national_number

),

disputed_clusters as (

    select cluster_rank from forbidden_pairs
    union
    select cluster_rank
    from numbered
    where company_number is not null
    group by cluster_rank
    having count(distinct company_number) > 1

),

decided as (

    select left_rank as landing_rank from forbidden_pairs
    union
    select right_rank as landing_rank from forbidden_pairs

),

final as (

    select
        numbered.landing_rank,
        numbered.cluster_rank,
        numbered.company_number,
        decided.landing_rank is not null as is_decided
    from numbered
    inner join disputed_clusters
        on numbered.cluster_rank = disputed_clusters.cluster_rank
    left join decided
        on numbered.landing_rank = decided.landing_rank

)

select * from final
