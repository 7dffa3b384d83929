{#
  One row per key that more than one of the records has: by how many records it is used, what they have
  several of, so that they may contradict each other, and whether it is a hub. A hub is a key that
  unlike names use: a call centre, a mall, an agency, a mistake. That is read from the names
  themselves and not from their number, so that it holds for 1,000 records and for 1,000,000.

  `unlike_count`: the names that are like no earlier name of the key. More than two unlike names are
  a hub (a firm and its brand are two); under a phone number two are, and under a phone number and a
  domain that is a hub itself: such a domain says no more than the number alone.

  Arguments: relations of match_keys, of the records among which keys are shared, of key_names and
  of key_name_pairs.
#}
{% macro shared_keys(match_keys, records, key_names, key_name_pairs) %}
{%- set most_unlike = 2 -%}
{%- set distinct_columns = {
    'names': 'names_key',
    'national_numbers': 'national_number',
    'cr_numbers': 'cr_number',
    'vat_numbers': 'vat_number',
    'places': 'place_id',
    'domains': 'domain',
    'phones': 'phone_e164',
} -%}
with unlike {{ computed_once() }} (

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

)

select
    counted.*,
    coalesce(unlike.unlike_count, 1) as unlike_count,
    coalesce(unlike.unlike_count, 1)
    > case
        when counted.key_kind = 'phone' or hub_domains.key_value is not null then 1 else {{ most_unlike }}
    end as is_hub
from (
    select
        match_keys.key_kind,
        match_keys.key_value,
        {% for name, column in distinct_columns.items() %}
        {{ has_several('records.' ~ column) }} as has_several_{{ name }},
        {% endfor %}
        count(*) as row_count
    from {{ match_keys }} as match_keys
    inner join {{ records }} as records
        on match_keys.landing_rank = records.landing_rank
    group by match_keys.key_kind, match_keys.key_value
    having count(*) > 1
) as counted
left join unlike
    on
        counted.key_kind = unlike.key_kind
        and counted.key_value = unlike.key_value
left join (
    select key_value
    from unlike
    where key_kind = 'domain' and unlike_count > {{ most_unlike }}
) as hub_domains
    on
        counted.key_kind = 'phone_domain'
        and split_part(counted.key_value, '|', 2) = hub_domains.key_value
{% endmacro %}
