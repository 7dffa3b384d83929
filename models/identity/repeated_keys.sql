-- One row of match_keys per record and key that another record has too. Most keys have one record, and
-- everything that keys can show is looked for under these.
{{ config(materialized='incremental', incremental_strategy='touched_keys') }}
with match_keys as (

    select * from {{ ref('match_keys') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

repeated as (

    select
        key_kind,
        key_value
    from match_keys
    group by key_kind, key_value
    having count(*) > 1

),

final as (

    select
        match_keys.landing_rank,
        match_keys.key_kind,
        match_keys.key_value
    from match_keys
    inner join repeated
        on
            match_keys.key_kind = repeated.key_kind
            and match_keys.key_value = repeated.key_value

)

select * from final
