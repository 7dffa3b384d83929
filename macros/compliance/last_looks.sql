{# One row per place with its last look: place_id, last_status in lower case, last_result_id. Failures are no looks. #}
{% macro last_looks() %}
    select
        subject as place_id,
        max_by(lower(status), fetched_at) as last_status,
        max_by(result_id, fetched_at) as last_result_id
    from {{ ref('stg_enrichment_results') }}
    where
        provider = 'google_maps'
        and lower(status) in ('ok', 'not_found', 'closed_permanently', 'closed_temporarily')
    group by subject
{% endmacro %}
