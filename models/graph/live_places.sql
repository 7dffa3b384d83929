-- One row per place of which Google's details are still fresh, at this moment: shown with their
-- attribution, and never copied into a table.
{{ config(materialized='view') }}
with cache as (

    select * from {{ ref('stg_google_cache') }}

),

endpoints as (

    select * from {{ ref('enrichment_endpoints') }}

),

fresh as (

    select
        *,
        row_number() over (
            partition by subject
            order by fetched_at desc, case when endpoint = 'details' then 0 else 1 end, cache_id
        ) as age_rank
    from cache
    where provider = 'google_maps' and expires_at > {{ now_utc() }}

),

attribution as (

    select max(attribution) as attribution
    from endpoints
    where provider = 'google_maps'

),

final as (

    select
        fresh.subject as place_id,
        identifiers.account_id,
        {{ json_key('fresh.content', "'name'") }} as name,
        coalesce(
            {{ json_key('fresh.content', "'international_phone_number'") }},
            {{ json_key('fresh.content', "'formatted_phone_number'") }}
        ) as phone,
        {{ json_key('fresh.content', "'website'") }} as website,
        {{ json_key('fresh.content', "'formatted_address'") }} as address,
        {{ json_key('fresh.content', "'business_status'") }} as business_status,
        attribution.attribution,
        fresh.fetched_at,
        fresh.expires_at
    from fresh
    left join {{ ref('account_identifiers') }} as identifiers
        on
            fresh.subject = identifiers.value
            and identifiers.kind = 'place_id'
    cross join attribution
    where fresh.age_rank = 1

)

select * from final
