{#
  One row per record and shared key, with the group within which the key may link it to others. A
  guard does not judge pairs but splits the key: whoever lands first, the same records stay apart.
  Arguments: relations of match_keys, of shared_keys, and of the records.
#}
{% macro key_groups(match_keys, shared_keys, records) %}
select
    match_keys.landing_rank,
    match_keys.key_kind,
    match_keys.key_value,
    records.normalized_name,
    concat_ws(
        '|',
        match_keys.key_kind,
        match_keys.key_value,
        -- A hub links nothing on its own, but records that share the name as well.
        case when shared_keys.is_hub then 'name:' || records.normalized_name end,
        -- Two national numbers are two companies, whatever they share; without a number nobody
        -- knows which.
        case
            when match_keys.key_kind <> 'place_id' and shared_keys.national_number_count > 1
                then 'national:' || coalesce(records.national_number, '')
        end,
        -- Namesakes in one city: another domain or another place contradicts the name.
        case
            when match_keys.key_kind = 'name_city' and shared_keys.domain_count > 1
                then 'domain:' || coalesce(records.domain, match_keys.landing_rank || '')
        end,
        case
            when match_keys.key_kind = 'name_city' and shared_keys.place_count > 1
                then 'place:' || coalesce(records.place_id, match_keys.landing_rank || '')
        end
    ) as link_group
from {{ match_keys }} as match_keys
inner join {{ shared_keys }} as shared_keys
    on
        match_keys.key_kind = shared_keys.key_kind
        and match_keys.key_value = shared_keys.key_value
inner join {{ records }} as records
    on match_keys.landing_rank = records.landing_rank
{% endmacro %}
