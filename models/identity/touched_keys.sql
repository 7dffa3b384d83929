-- One row per key of a record that an incremental build adds, and per phone number at a domain of one,
-- which is a hub when its domain is: what a key makes of its records is found again for these, and kept
-- for all others. Empty after a full build.
with match_keys as (

    select * from {{ ref('match_keys') }}

),

added as (

    select distinct
        match_keys.key_kind,
        match_keys.key_value
    from match_keys
    inner join {{ ref('accepted_rows') }} as accepted_rows
        on match_keys.landing_rank = accepted_rows.landing_rank
    where {{ only_new_imports('accepted_rows.import_id') if is_incremental_build() else 'false' }}

),

final as (

    select * from added

    union

    select
        match_keys.key_kind,
        match_keys.key_value
    from match_keys
    inner join added
        on
            added.key_kind = 'domain'
            and split_part(match_keys.key_value, '|', 2) = added.key_value
    where match_keys.key_kind = 'phone_domain'
    group by match_keys.key_kind, match_keys.key_value
    having count(*) > 1

)

select * from final
