{#
  One row per key that unlike-written names use and each of the names: within which block of the key
  it is compared with others, and whether the key's own domain says the name (`fits_domain`).

  Every name with every other would be quadratic under a hub, so that names are compared only in
  blocks: the whole key when it has few names, else the names that begin with the same word; blocks
  that are still larger are not compared. Arguments: relations of match_keys, of the records, and of
  name_variants.
#}
{% macro key_names(match_keys, records, variants) %}
{%- set largest_block = 40 -%}
with keyed {{ computed_once() }} (

    select distinct
        match_keys.key_kind,
        match_keys.key_value,
        records.names_key
    from {{ match_keys }} as match_keys
    inner join {{ records }} as records
        on match_keys.landing_rank = records.landing_rank
    where match_keys.key_kind <> 'name_city'

)

select
    blocked.key_kind,
    blocked.key_value,
    blocked.names_key,
    blocked.block,
    blocked.fits_domain,
    count(*) over (partition by blocked.key_kind, blocked.key_value, blocked.block)
    <= {{ largest_block }} as is_compared
from (
    select
        named.key_kind,
        named.key_value,
        named.names_key,
        case
            when named.name_count > {{ largest_block }} then split_part(named.names_key, ' ', 1)
            else ''
        end as block,
        coalesce(bool_or(
            named.label <> ''
            and (
                (length(variants.all_letters) >= 3 and strpos(named.label, lower(variants.all_letters)) > 0)
                or (length(named.label) >= 5 and strpos(lower(variants.all_letters), named.label) > 0)
                or (length(variants.initials) >= 3 and named.label = variants.initials)
                or {{ array_size(array_where(
                    'variants.own_words', 'length(item) >= 4 and strpos(named.label, item) > 0'
                )) }} > 0
            )
        ), false) as fits_domain
    from (
        select
            keyed.*,
            counted.name_count,
            case keyed.key_kind
                when 'domain' then {{ domain_label('keyed.key_value') }}
                when 'email' then {{ domain_label("split_part(keyed.key_value, '@', 2)") }}
                when 'phone_domain' then {{ domain_label("split_part(keyed.key_value, '|', 2)") }}
                when 'site' then {{ replace_pattern('lower(keyed.key_value)', '[^a-z0-9]', '') }}
                else ''
            end as label
        from keyed
        inner join (
            select
                key_kind,
                key_value,
                count(*) as name_count
            from keyed
            group by key_kind, key_value
            having count(*) > 1
        ) as counted
            on
                keyed.key_kind = counted.key_kind
                and keyed.key_value = counted.key_value
    ) as named
    inner join {{ variants }} as variants
        on named.names_key = variants.names_key
    group by named.key_kind, named.key_value, named.names_key, named.name_count
) as blocked
{% endmacro %}

{# The name in a domain: `al-noor.com.sa` says `alnoor`. #}
{% macro domain_label(domain) -%}
replace(split_part({{ domain }}, '.', 1), '-', '')
{%- endmacro %}
