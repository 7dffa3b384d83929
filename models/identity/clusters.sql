-- One row per accepted record: the account it belongs to, named by the cluster's earliest record.
{{ config(materialized='incremental', incremental_strategy='moved_records') }}
with final as (

    select
        identity_rows.landing_rank,
        identity_rows.import_id,
        identity_rows.row_number,
        identity_rows.row_account_id,
        first_rows.row_account_id as account_id,
        kept_clusters.cluster_rank,
        kept_clusters.record_count
    from {{ ref('kept_clusters') }} as kept_clusters
    inner join {{ ref('identity_rows') }} as identity_rows
        on kept_clusters.landing_rank = identity_rows.landing_rank
    inner join {{ ref('identity_rows') }} as first_rows
        on kept_clusters.cluster_rank = first_rows.landing_rank
    where {{ only_moved_records('kept_clusters.landing_rank') }}

)

select * from final
