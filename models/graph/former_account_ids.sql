-- One row per accepted record of a withdrawn import and account that remains of its company: whom
-- the record's own account id, under which the company may once have been known, reaches now.
with accounts_of_groups as (

    select distinct
        groups.group_rank,
        clusters.account_id,
        clusters.cluster_rank
    from {{ ref('withdrawn_groups') }} as groups
    inner join {{ ref('clusters') }} as clusters
        on groups.landing_rank = clusters.landing_rank

),

final as (

    select
        withdrawn.row_account_id as alias_id,
        accounts_of_groups.account_id,
        row_number() over (
            partition by withdrawn.row_account_id
            order by accounts_of_groups.cluster_rank
        ) as ordinal
    from {{ ref('withdrawn_groups') }} as withdrawn
    inner join accounts_of_groups
        on withdrawn.group_rank = accounts_of_groups.group_rank
    where withdrawn.is_withdrawn

)

select * from final
