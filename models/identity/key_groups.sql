-- One row per record and shared key, with the group within which the key may link it to others. A
-- guard does not judge pairs but splits the key: whoever lands first, the same records stay apart.
with final as (

    select
        match_keys.landing_rank,
        match_keys.key_kind,
        match_keys.key_value,
        identity_rows.normalized_name,
        concat_ws(
            '|',
            match_keys.key_kind,
            match_keys.key_value,
            -- A hub links nothing on its own, but records that share the name as well.
            case when shared_keys.is_hub then 'name:' || identity_rows.normalized_name end,
            -- Two national numbers are two companies, whatever they share; without a number nobody
            -- knows which.
            case
                when match_keys.key_kind <> 'place_id' and shared_keys.national_number_count > 1
                    then 'national:' || coalesce(identity_rows.national_number, '')
            end,
            -- Namesakes in one city: another domain or another place contradicts the name.
            case
                when match_keys.key_kind = 'name_city' and shared_keys.domain_count > 1
                    then 'domain:' || coalesce(identity_rows.domain, match_keys.landing_rank || '')
            end,
            case
                when match_keys.key_kind = 'name_city' and shared_keys.place_count > 1
                    then 'place:' || coalesce(identity_rows.place_id, match_keys.landing_rank || '')
            end
        ) as link_group
    from {{ ref('match_keys') }} as match_keys
    inner join {{ ref('shared_keys') }} as shared_keys
        on
            match_keys.key_kind = shared_keys.key_kind
            and match_keys.key_value = shared_keys.key_value
    inner join {{ ref('identity_rows') }} as identity_rows
        on match_keys.landing_rank = identity_rows.landing_rank

)

select * from final
