-- One row per record whose cluster is not the one that was built, or has not as many records any more,
-- with the account that it had. Empty after a full build.
{% if is_incremental_build() %}
{%- set built_before = adapter.get_relation(this.database, this.schema, 'clusters') %}
with records as (

    select
        identity_rows.landing_rank,
        coalesce(kept_clusters.cluster_rank, identity_rows.landing_rank) as cluster_rank,
        coalesce(kept_clusters.record_count, 1) as record_count
    from {{ ref('identity_rows') }} as identity_rows
    left join {{ ref('kept_clusters') }} as kept_clusters
        on identity_rows.landing_rank = kept_clusters.landing_rank

),

final as (

    select
        coalesce(records.landing_rank, built.landing_rank) as landing_rank,
        built.account_id as account_id_before
    from records
    full outer join {{ built_before }} as built
        on records.landing_rank = built.landing_rank
    where
        records.cluster_rank is distinct from built.cluster_rank
        or records.record_count is distinct from built.record_count

)

select * from final
{% else %}
-- depends_on: {{ ref('identity_rows') }} {{ ref('kept_clusters') }}
select
    cast(null as bigint) as landing_rank,
    cast(null as {{ dbt.type_string() }}) as account_id_before
where false
{% endif %}
