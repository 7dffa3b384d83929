-- One row per pair of accounts of one city with names that are alike.
select
    compared.left_rank,
    compared.right_rank,
    max(judged.likeness) as likeness
from {{ ref('compared_names') }} as compared
inner join {{ ref('name_likenesses') }} as judged
    on
        compared.left_names = judged.left_names
        and compared.right_names = judged.right_names
where judged.is_alike
group by compared.left_rank, compared.right_rank
