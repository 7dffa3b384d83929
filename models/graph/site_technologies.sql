-- One row per account and technology that its site shows, with the trace that tells it best.
with pages as (

    select * from {{ ref('site_pages') }}

),

signatures as (

    select * from {{ ref('technology_signatures') }}

),

parts as (

    {% for part in ['assets', 'scripts', 'headers', 'markup'] %}
    select
        account_id,
        final_url as source_url,
        '{{ part }}' as part,
        -- An address within a script may be written https:\/\/.
        lower(replace({{ part }}, '\/', '/')) as content,
        fetched_at
    from pages
    where {{ part }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

hits as (

    select
        parts.account_id,
        signatures.technology,
        signatures.category,
        signatures.confidence,
        signatures.pattern || ' in its ' || signatures.part as evidence,
        parts.source_url,
        parts.fetched_at as detected_at,
        row_number() over (
            partition by parts.account_id, signatures.technology
            order by
                signatures.confidence desc,
                parts.fetched_at desc,
                parts.source_url,
                signatures.part,
                signatures.pattern
        ) as hit_rank
    from parts
    inner join signatures
        on
            parts.part = signatures.part
            and instr(parts.content, signatures.pattern) > 0

),

final as (

    select
        account_id,
        technology,
        category,
        evidence,
        source_url,
        confidence,
        detected_at
    from hits
    where hit_rank = 1

)

select * from final
