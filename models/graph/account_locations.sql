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

{#- column: (what it is for one record, what it is for several) -#}
{% set merged = {
    'location_id': (
        "'loc_' || substr(row_account_id, 5)",
        "'loc_' || substr(min_by(row_account_id, landing_rank), 5)"
    ),
    'name': ('company_name', 'min_by(company_name, evidence_rank)'),
    'longitude': (
        'case when latitude is not null then longitude end',
        'min_by(longitude, evidence_rank) filter (where latitude is not null)'
    ),
    'row_count': ('1', 'count(*)'),
} %}
{%- for column in ['place_id', 'city', 'region', 'country', 'address', 'phone_e164', 'latitude'] %}
{%- do merged.update({column: (
    column, 'min_by(' ~ column ~ ', evidence_rank) filter (where ' ~ column ~ ' is not null)'
)}) %}
{%- endfor %}
has_exact as (

    select
        account_id,
        city
    from account_rows
    where is_exact and record_count > 1
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

merged_places as (
    {{ merged_records('located', ['account_id'], merged, groups=['account_id', 'location_key']) }}
),

final as (

    select
        location_id,
        account_id,
        place_id,
        name,
        city,
        region,
        country,
        address,
        phone_e164,
        latitude,
        longitude,
        row_count
    from merged_places

)

select * from final
