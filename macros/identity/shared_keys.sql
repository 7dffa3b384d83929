{#
  One row per key that more than one of the records has: by how many records and names it is used,
  how many identities contradict each other under it, and whether it is a hub. A hub is a key that
  unlike names use: a call centre, a mall, an agency, a mistake. That is read from the names
  themselves and not from their number, so that it holds for 1,000 records and for 1,000,000.

  `unlike_count`: the names that are like no earlier name of the key. More than two unlike names are
  a hub (a firm and its brand are two); under a phone number two are.

  Arguments: relations of match_keys, of the records among which keys are shared, of key_names and
  of key_name_pairs.
#}
{% macro shared_keys(match_keys, records, key_names, key_name_pairs) %}
select
    counted.key_kind,
    counted.key_value,
    counted.row_count,
    counted.name_count,
    counted.national_number_count,
    counted.cr_number_count,
    counted.vat_number_count,
    counted.place_count,
    counted.domain_count,
    counted.phone_count,
    coalesce(unlike.unlike_count, 1) as unlike_count,
    coalesce(unlike.unlike_count, 1)
    > case when counted.key_kind = 'phone' then 1 else 2 end as is_hub
from (
    select
        match_keys.key_kind,
        match_keys.key_value,
        count(*) as row_count,
        count(distinct records.names_key) as name_count,
        count(distinct records.national_number) as national_number_count,
        count(distinct records.cr_number) as cr_number_count,
        count(distinct records.vat_number) as vat_number_count,
        count(distinct records.place_id) as place_count,
        count(distinct records.domain) as domain_count,
        count(distinct records.phone_e164) as phone_count
    from {{ match_keys }} as match_keys
    -- Most keys have one record: to count what is distinct under them is most of the work.
    inner join (
        select
            key_kind,
            key_value
        from {{ match_keys }}
        group by key_kind, key_value
        having count(*) > 1
    ) as repeated
        on
            match_keys.key_kind = repeated.key_kind
            and match_keys.key_value = repeated.key_value
    inner join {{ records }} as records
        on match_keys.landing_rank = records.landing_rank
    group by match_keys.key_kind, match_keys.key_value
    having count(*) > 1
) as counted
left join (
    select
        key_names.key_kind,
        key_names.key_value,
        count(*) as unlike_count
    from {{ key_names }} as key_names
    left join (
        select distinct
            key_kind,
            key_value,
            right_names
        from {{ key_name_pairs }}
        where is_alike
    ) as alike
        on
            key_names.key_kind = alike.key_kind
            and key_names.key_value = alike.key_value
            and key_names.names_key = alike.right_names
    where alike.right_names is null
    group by key_names.key_kind, key_names.key_value
) as unlike
    on
        counted.key_kind = unlike.key_kind
        and counted.key_value = unlike.key_value
{% endmacro %}
