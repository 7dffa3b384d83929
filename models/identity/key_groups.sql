-- One row per record and shared key, with the group within which the key links records without a
-- further look.
{{ config(materialized='incremental', incremental_strategy='touched_keys') }}
with repeated_keys as (

    select * from {{ ref('repeated_keys') }} as keyed
    where {{ only_touched_keys('keyed') }}

),

final as (

    {{ key_groups(
        'repeated_keys', ref('shared_keys'), ref('identity_rows'), ref('name_variants')
    ) | indent(4) }}

)

select * from final
