-- One row per place of an account: a branch with its own place id, coordinates or address, or the
-- city that is known.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with believed_rows as (

    select * from {{ ref('account_rows') }}
    where {{ only_touched_accounts() }}

),

-- An address stands in many records and is folded once.
addresses as (

    select
        address,
        {{ word_key('address') }} as address_key
    from believed_rows
    group by address

),

account_rows as (

    select
        believed_rows.*,
        coalesce(
            'place:' || believed_rows.place_id,
            'point:' || round(believed_rows.latitude, 4) || ',' || round(believed_rows.longitude, 4),
            'address:' || addresses.address_key || '|' || coalesce(believed_rows.city, ''),
            'city:' || believed_rows.city
        ) as location_key,
        believed_rows.place_id is not null
        or believed_rows.latitude is not null
        or believed_rows.address is not null as is_exact
    from believed_rows
    left join addresses
        on believed_rows.address = addresses.address

),

has_exact as (

    select
        account_id,
        city
    from account_rows
    where is_exact
    group by account_id, city

),

-- A record that knows only the city adds no place to a city where the place is known.
located as (

    select account_rows.*
    from account_rows
    left join has_exact
        on
            account_rows.account_id = has_exact.account_id
            and account_rows.city = has_exact.city
    where
        account_rows.location_key is not null
        and (account_rows.is_exact or has_exact.account_id is null)

),

final as (

    select
        'loc_' || substr(min_by(row_account_id, landing_rank), 5) as location_id,
        account_id,
        min_by(place_id, evidence_rank) filter (where place_id is not null) as place_id,
        min_by(company_name, evidence_rank) as name,
        min_by(city, evidence_rank) filter (where city is not null) as city,
        min_by(region, evidence_rank) filter (where region is not null) as region,
        min_by(country, evidence_rank) filter (where country is not null) as country,
        min_by(address, evidence_rank) filter (where address is not null) as address,
        min_by(phone_e164, evidence_rank) filter (where phone_e164 is not null) as phone_e164,
        min_by(latitude, evidence_rank) filter (where latitude is not null) as latitude,
        min_by(longitude, evidence_rank) filter (where latitude is not null) as longitude,
        count(*) as row_count
    from located
    group by account_id, location_key

)

select * from final
