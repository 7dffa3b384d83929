-- Puts what the warehouse knows of the companies of the file under audit beside the file's records: the
-- records that share a key with one of the file's, the rest of their companies, and, under their keys,
-- whoever else has these, because a key is judged by all who have it.
create or replace temp table known_keys as
with met as (

    select distinct landing_rank
    from real_warehouse.identity.match_keys
    semi join identity.match_keys as keys_of_file using (key_kind, key_value)

),

-- As they are linked before anybody said "never merge": what that parts is parted anew.
companies as (

    select
        met.landing_rank,
        clusters.cluster_rank
    from met
    left join real_warehouse.identity.first_clusters as clusters using (landing_rank)

),

records_of_companies as (

    select landing_rank from companies
    union
    select landing_rank
    from real_warehouse.identity.first_clusters
    semi join companies using (cluster_rank)
    union
    -- Of a withdrawn list: nobody's company any more, but an opt-out of its old id holds.
    select landing_rank
    from real_warehouse.identity.withdrawn_groups
    where group_rank in (
        select met_groups.group_rank
        from real_warehouse.identity.withdrawn_groups as met_groups
        semi join met using (landing_rank)
    )

),

keys_of_companies as (

    select distinct
        key_kind,
        key_value
    from real_warehouse.identity.match_keys
    semi join records_of_companies using (landing_rank)

)

select *
from real_warehouse.identity.match_keys
semi join keys_of_companies using (key_kind, key_value);

-- The file's records are the latest, as they would be in the warehouse.
create or replace table identity.match_keys as
select landing_rank + latest.known_rank as landing_rank, * exclude (landing_rank, known_rank)
from identity.match_keys
cross join (
    select coalesce(max(landing_rank), 0) as known_rank from real_warehouse.identity.accepted_rows
) as latest
union all by name
from temp.known_keys;

create or replace table identity.accepted_rows as
select landing_rank + latest.known_rank as landing_rank, * exclude (landing_rank, known_rank)
from identity.accepted_rows
cross join (
    select coalesce(max(landing_rank), 0) as known_rank from real_warehouse.identity.accepted_rows
) as latest
union all by name
select * replace ('known:' || import_id as import_id)
from real_warehouse.identity.accepted_rows
semi join temp.known_keys using (landing_rank);

drop table temp.known_keys
