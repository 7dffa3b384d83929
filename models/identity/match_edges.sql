-- One row per edge that made an account: which key, shared by which two records. Explains every
-- merge. Read for one account at a time.
{{ config(materialized='view') }}
with final as (

    select
        left_rows.account_id,
        kept_edges.key_kind,
        kept_edges.key_value,
        kept_edges.likeness as name_likeness,
        left_rows.import_id as left_import_id,
        left_rows.row_number as left_row_number,
        right_rows.import_id as right_import_id,
        right_rows.row_number as right_row_number
    from {{ ref('kept_edges') }} as kept_edges
    inner join {{ ref('clusters') }} as left_rows
        on kept_edges.left_rank = left_rows.landing_rank
    inner join {{ ref('clusters') }} as right_rows
        on kept_edges.right_rank = right_rows.landing_rank

)

select * from final
