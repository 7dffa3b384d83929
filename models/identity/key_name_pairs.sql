-- One row per key and pair of names under it that are compared: how alike they are.
{{ config(materialized='incremental', incremental_strategy='touched_keys') }}
with key_names as (

    select * from {{ ref('key_names') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

final as (

    {{ key_name_pairs('key_names', ref('name_variants')) | indent(4) }}

)

select * from final
