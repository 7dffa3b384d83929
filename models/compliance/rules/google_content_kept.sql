-- One row per answer of Google past its time to live of which the content is still held. An answer
-- without an expiry counts as past it.
with results as (

    select * from {{ ref('stg_enrichment_results') }}

),

cached as (

    select * from {{ ref('stg_google_cache') }}

),

final as (

    select
        'google_content_kept' as rule_id,
        result_id as subject,
        provider || ' ' || endpoint || ', expired on '
        || coalesce({{ day_text('expires_at') }}, 'an unknown day') as evidence,
        result_id as source_ref
    from results
    where
        lower(provider) like 'google%'
        and payload is not null
        and coalesce(expires_at <= {{ now_utc() }}, true)

    union all

    select
        'google_content_kept' as rule_id,
        cache_id as subject,
        provider || ' ' || endpoint || ', expired on ' || {{ day_text('expires_at') }} as evidence,
        cache_id as source_ref
    from cached
    where coalesce(expires_at <= {{ now_utc() }}, true)

)

select * from final
