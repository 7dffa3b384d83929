-- One row per key that more than one record has: how many unlike names use it, and what contradicts
-- it.
{{ config(materialized='incremental', incremental_strategy='touched_keys') }}
with repeated_keys as (

    select * from {{ ref('repeated_keys') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

key_names as (

    select * from {{ ref('key_names') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

key_name_pairs as (

    select * from {{ ref('key_name_pairs') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

final as (

    {{ shared_keys(
        'repeated_keys', ref('identity_rows'), 'key_names', 'key_name_pairs'
    ) | indent(4) }}

)

select * from final
