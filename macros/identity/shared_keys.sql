{#
  One row per key that more than one of the records has: how many unlike names use it, and what
  contradicts it. Arguments: relations of match_keys and of the records among which it is shared.
#}
{% macro shared_keys(match_keys, records) %}
select
    match_keys.key_kind,
    match_keys.key_value,
    count(*) as row_count,
    count(distinct records.normalized_name) as name_count,
    count(distinct records.national_number) as national_number_count,
    count(distinct records.place_id) as place_count,
    count(distinct records.domain) as domain_count,
    -- A call centre, a mall or an agency: many unlike companies give it as theirs.
    count(distinct records.normalized_name) > case match_keys.key_kind
        {% for kind, limit in var('hub_limits').items() %}
        when '{{ kind }}' then {{ limit }}
        {% endfor %}
        else {{ var('hub_limit') }}
    end as is_hub
from {{ match_keys }} as match_keys
inner join {{ records }} as records
    on match_keys.landing_rank = records.landing_rank
group by match_keys.key_kind, match_keys.key_value
having count(*) > 1
{% endmacro %}
