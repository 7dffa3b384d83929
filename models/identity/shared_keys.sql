-- One row per key that more than one record has: how many unlike names use it, and what contradicts
-- it.
with final as (

    select
        match_keys.key_kind,
        match_keys.key_value,
        count(*) as row_count,
        count(distinct identity_rows.normalized_name) as name_count,
        count(distinct identity_rows.national_number) as national_number_count,
        count(distinct identity_rows.place_id) as place_count,
        count(distinct identity_rows.domain) as domain_count,
        -- A call centre, a mall or an agency: many unlike companies give it as theirs.
        count(distinct identity_rows.normalized_name) > case match_keys.key_kind
            {% for kind, limit in var('hub_limits').items() %}
            when '{{ kind }}' then {{ limit }}
            {% endfor %}
            else {{ var('hub_limit') }}
        end as is_hub
    from {{ ref('match_keys') }} as match_keys
    inner join {{ ref('identity_rows') }} as identity_rows
        on match_keys.landing_rank = identity_rows.landing_rank
    group by match_keys.key_kind, match_keys.key_value
    having count(*) > 1

)

select * from final
