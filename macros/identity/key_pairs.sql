{#
  One row per shared key and pair of its groups, each stood for by its earliest record: whether the
  key makes them one company, or why not. The rules, all NULL-safe (an unknown contradicts nothing):

  - other national or VAT numbers: never; known against unknown, where a key has several: never;
  - the same names: yes, but under a hub only if no own domain contradicts;
  - names alike: yes, unless many unlike companies use the key or, by phone alone, own domains
    contradict;
  - unlike names: by phone never; by a number, a place, a phone and a domain together, or a domain
    that says one of the names, if no third name uses it (nor the domain that a phone is at) and no own
    domain contradicts; by a phone or a domain not if each is a place of its own on the map (a hotel and
    its restaurant), nor known against unknown, where a key has several places.

  Arguments: relations of key_groups, shared_keys, key_name_pairs and of the records.
#}
{% macro key_pairs(key_groups, shared_keys, key_name_pairs, records) %}
{%- set most_groups = 10 -%}
with heads {{ computed_once() }} (

    -- A group is of one key and, where the key has several, of one name.
    select
        any_value(key_kind) as key_kind,
        any_value(key_value) as key_value,
        any_value(names_key) as names_key,
        min(landing_rank) as landing_rank
    from {{ key_groups }}
    where key_kind <> 'name_city'
    group by link_group

),

-- Few names have more than one group under a key.
grouped_apart {{ computed_once() }} (

    select
        key_kind,
        key_value,
        names_key,
        count(*) as group_count
    from heads
    group by key_kind, key_value, names_key
    having count(*) > 1

),

compared_heads {{ computed_once() }} (

    select
        heads.*,
        grouped_apart.group_count is not null as has_other_groups
    from heads
    left join grouped_apart
        on
            heads.key_kind = grouped_apart.key_kind
            and heads.key_value = grouped_apart.key_value
            and heads.names_key = grouped_apart.names_key
    where coalesce(grouped_apart.group_count <= {{ most_groups }}, true)

),

compared as (

    select
        left_heads.key_kind,
        left_heads.key_value,
        left_heads.landing_rank as left_rank,
        right_heads.landing_rank as right_rank,
        1.0 as likeness,
        true as is_alike,
        true as is_same_name,
        false as one_fits_domain,
        false as fit_one_domain
    from compared_heads as left_heads
    inner join compared_heads as right_heads
        on
            left_heads.key_kind = right_heads.key_kind
            and left_heads.key_value = right_heads.key_value
            and left_heads.names_key = right_heads.names_key
    where
        left_heads.has_other_groups
        and right_heads.has_other_groups
        and left_heads.landing_rank < right_heads.landing_rank

    union all

    select
        left_heads.key_kind,
        left_heads.key_value,
        least(left_heads.landing_rank, right_heads.landing_rank) as left_rank,
        greatest(left_heads.landing_rank, right_heads.landing_rank) as right_rank,
        name_pairs.likeness,
        name_pairs.is_alike,
        false as is_same_name,
        name_pairs.one_fits_domain,
        name_pairs.fit_one_domain
    from {{ key_name_pairs }} as name_pairs
    inner join compared_heads as left_heads
        on
            name_pairs.key_kind = left_heads.key_kind
            and name_pairs.key_value = left_heads.key_value
            and name_pairs.left_names = left_heads.names_key
    inner join compared_heads as right_heads
        on
            name_pairs.key_kind = right_heads.key_kind
            and name_pairs.key_value = right_heads.key_value
            and name_pairs.right_names = right_heads.names_key

),

contradicted as (

    select
        compared.*,
        shared_keys.unlike_count,
        shared_keys.is_hub,
        coalesce(left_rows.national_number <> right_rows.national_number, false)
        or (
            shared_keys.has_several_national_numbers
            and (left_rows.national_number is null) <> (right_rows.national_number is null)
        ) as has_other_national_number,
        coalesce(
            left_rows.vat_number <> right_rows.vat_number
            and left_rows.national_number is distinct from right_rows.national_number,
            false
        )
        or (
            shared_keys.has_several_vat_numbers
            and (left_rows.vat_number is null) <> (right_rows.vat_number is null)
        ) as has_other_vat_number,
        coalesce(left_rows.cr_number <> right_rows.cr_number, false) as has_other_cr_number,
        coalesce(left_rows.domain <> right_rows.domain, false) as has_other_domain,
        coalesce(left_rows.place_id <> right_rows.place_id, false)
        or (
            shared_keys.has_several_places
            and (left_rows.place_id is null) <> (right_rows.place_id is null)
        ) as has_other_place
    from compared
    inner join {{ shared_keys }} as shared_keys
        on
            compared.key_kind = shared_keys.key_kind
            and compared.key_value = shared_keys.key_value
    inner join {{ records }} as left_rows
        on compared.left_rank = left_rows.landing_rank
    inner join {{ records }} as right_rows
        on compared.right_rank = right_rows.landing_rank

)

select
    left_rank,
    right_rank,
    key_kind,
    key_value,
    likeness,
    case
        when has_other_national_number then 'other_national_number'
        when has_other_vat_number then 'other_vat_number'
        when is_same_name then case when is_hub and has_other_domain then 'hub_other_domain' end
        when fit_one_domain then null
        when is_alike and key_kind = 'phone' and has_other_domain then 'other_domain'
        when is_alike then case when unlike_count > 3 then 'hub' end
        when key_kind = 'phone' then 'unlike_names'
        when is_hub then 'hub'
        when key_kind in ('domain', 'email', 'site') and not one_fits_domain then 'unlike_names'
        when has_other_domain then 'other_domain'
        when has_other_place and key_kind in ('domain', 'email', 'site', 'phone_domain') then 'other_place'
        when has_other_cr_number and key_kind <> 'cr_number' then 'other_cr_number'
    end as guard,
    is_alike,
    is_same_name
from contradicted
{% endmacro %}
