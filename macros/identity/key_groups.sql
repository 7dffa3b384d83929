{#
  One row per record and shared key, with the group within which the key links records without a
  further look: they have the same names and nothing that contradicts. Records of different groups
  are judged by key_pairs. A guard does not judge by who landed first, so that the same records stay
  apart in any order. Arguments: relations of match_keys, of shared_keys, of the records, and of
  name_variants.
#}
{% macro key_groups(match_keys, shared_keys, records, variants) %}
select
    match_keys.landing_rank,
    match_keys.key_kind,
    match_keys.key_value,
    records.names_key,
    concat_ws(
        '|',
        match_keys.key_kind,
        match_keys.key_value,
        case
            when shared_keys.has_several_names and match_keys.key_kind <> 'name_city'
                then 'names:' || records.names_key
        end,
        -- Two national numbers are two companies, whatever they share; without a number nobody
        -- knows which.
        {% for column in ['national_number', 'vat_number'] %}
        case
            when shared_keys.has_several_{{ column }}s
                then '{{ column }}:' || coalesce(records.{{ column }}, '')
        end,
        {% endfor %}
        case
            when match_keys.key_kind <> 'name_city' and shared_keys.has_several_domains
                then 'domain:' || coalesce(records.domain, '')
        end,
        -- Namesakes in one city: another number, domain, place or phone contradicts the name, and a
        -- record without one may be either's.
        {% for column, name in [
            ('national_number', 'national_numbers'),
            ('vat_number', 'vat_numbers'),
            ('cr_number', 'cr_numbers'),
            ('domain', 'domains'),
            ('place_id', 'places'),
            ('phone_e164', 'phones'),
        ] %}
        case
            when match_keys.key_kind = 'name_city' and shared_keys.has_several_{{ name }}
                then '{{ column }}:' || coalesce(records.{{ column }}, match_keys.landing_rank || '')
        end,
        {% endfor %}
        -- A name that says only a trade is everybody's: under a hub, or in a city, it proves nothing.
        case
            when
                (shared_keys.is_hub or match_keys.key_kind = 'name_city')
                and variants.names_key is null
                then 'row:' || match_keys.landing_rank
        end
    ) as link_group
from {{ match_keys }} as match_keys
inner join {{ shared_keys }} as shared_keys
    on
        match_keys.key_kind = shared_keys.key_kind
        and match_keys.key_value = shared_keys.key_value
inner join {{ records }} as records
    on match_keys.landing_rank = records.landing_rank
left join (
    select distinct names_key from {{ variants }}
    where own_words is not null
) as variants
    on records.names_key = variants.names_key
{% endmacro %}
