-- One row per record whose cluster is not the one that was built, or has not as many records any more,
-- with the account that it had. Empty after a full build.
{% if is_incremental_build() %}
{%- set built_before = adapter.get_relation(this.database, this.schema, 'clusters') %}
select
    coalesce(kept_clusters.landing_rank, built.landing_rank) as landing_rank,
    built.account_id as account_id_before
from {{ ref('kept_clusters') }} as kept_clusters
full outer join {{ built_before }} as built
    on kept_clusters.landing_rank = built.landing_rank
where
    kept_clusters.cluster_rank is distinct from built.cluster_rank
    or kept_clusters.record_count is distinct from built.record_count
{% else %}
-- depends_on: {{ ref('kept_clusters') }}
select
    cast(null as bigint) as landing_rank,
    cast(null as {{ dbt.type_string() }}) as account_id_before
where false
{% endif %}
