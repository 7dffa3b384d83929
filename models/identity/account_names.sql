-- One row per account, name that its records have (in one script or both) and city: what accounts
-- are compared by when no key links them.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with final as (

    select
        clusters.account_id,
        clusters.cluster_rank,
        identity_rows.names_key,
        identity_rows.city
    from {{ ref('clusters') }} as clusters
    inner join {{ ref('identity_rows') }} as identity_rows
        on clusters.landing_rank = identity_rows.landing_rank
    where
        identity_rows.city is not null
        and {{ only_touched_accounts('clusters.account_id') }}
    group by
        clusters.account_id,
        clusters.cluster_rank,
        identity_rows.names_key,
        identity_rows.city

)

select * from final
