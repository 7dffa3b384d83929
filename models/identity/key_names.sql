-- One row per key that unlike-written names use and each of the names.
{{ config(materialized='incremental', incremental_strategy='touched_keys') }}
with repeated_keys as (

    select * from {{ ref('repeated_keys') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

final as (

    {{ key_names('repeated_keys', ref('identity_rows'), ref('name_variants')) | indent(4) }}

)

select * from final
