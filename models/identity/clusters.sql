-- One row per accepted record: the account it belongs to, named by the cluster's earliest record.
with links as (

    select distinct
        left_rank as left_node,
        right_rank as right_node
    from {{ ref('kept_edges') }}

),

components as (

    {{ connected_components('links') | indent(4) }}

),

sizes as (

    select
        component,
        count(*) as record_count
    from components
    group by component

),

final as (

    select
        identity_rows.landing_rank,
        identity_rows.import_id,
        identity_rows.row_number,
        identity_rows.row_account_id,
        first_rows.row_account_id as account_id,
        first_rows.landing_rank as cluster_rank,
        coalesce(sizes.record_count, 1) as record_count
    from {{ ref('identity_rows') }} as identity_rows
    left join components
        on identity_rows.landing_rank = components.node
    inner join {{ ref('identity_rows') }} as first_rows
        on coalesce(components.component, identity_rows.landing_rank) = first_rows.landing_rank
    left join sizes
        on components.component = sizes.component

)

select * from final
