-- One row per accepted record: the account it belongs to, named by the cluster's earliest record.
{{ config(materialized='incremental', incremental_strategy='moved_records') }}
with records as (

    select
        identity_rows.landing_rank,
        identity_rows.import_id,
        identity_rows.row_number,
        identity_rows.row_account_id,
        coalesce(kept_clusters.cluster_rank, identity_rows.landing_rank) as cluster_rank,
        coalesce(kept_clusters.record_count, 1) as record_count
    from {{ ref('identity_rows') }} as identity_rows
    left join {{ ref('kept_clusters') }} as kept_clusters
        on identity_rows.landing_rank = kept_clusters.landing_rank
    where {{ only_moved_records('identity_rows.landing_rank') }}

),

final as (

    select
        records.landing_rank,
        records.import_id,
        records.row_number,
        records.row_account_id,
        first_rows.row_account_id as account_id,
        records.cluster_rank,
        records.record_count
    from records
    inner join {{ ref('identity_rows') }} as first_rows
        on records.cluster_rank = first_rows.landing_rank

)

select * from final
