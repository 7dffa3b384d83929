-- One row per block of names and pair of accounts in it with names that are alike.
{{ config(materialized='incremental', incremental_strategy='touched_blocks') }}
{{- built_after('touched_blocks') }}
select
    compared.block,
    compared.left_rank,
    compared.right_rank,
    max(judged.likeness) as likeness
from {{ ref('compared_names') }} as compared
inner join {{ ref('name_likenesses') }} as judged
    on
        compared.left_names = judged.left_names
        and compared.right_names = judged.right_names
where judged.is_alike
group by compared.block, compared.left_rank, compared.right_rank
