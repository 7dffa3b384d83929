-- One row per place to which a copy of the warehouse was published: how old the copy there is.
-- In the copy itself the newest row is its own.
{{ config(materialized='view') }}
with publications as (

    select * from {{ ref('stg_publications') }}

),

build_status as (

    select * from {{ ref('build_status') }}

),

final as (

    select
        publications.path,
        max_by(publications.reason, publications.published_at) as reason,
        max_by(publications.actor, publications.published_at) as published_by,
        max(publications.published_at) as published_at,
        max(build_status.last_complete_build_at) as last_complete_build_at
    from publications
    cross join build_status
    group by publications.path

)

select * from final
