-- One row per shared key and pair of its groups: whether the key makes them one company, or which
-- guard holds it back.
{{ config(materialized='incremental', incremental_strategy='touched_keys') }}
with key_groups as (

    select * from {{ ref('key_groups') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

final as (

    {{ key_pairs(
        'key_groups', ref('shared_keys'), ref('key_name_pairs'), ref('identity_rows')
    ) | indent(4) }}

)

select * from final
