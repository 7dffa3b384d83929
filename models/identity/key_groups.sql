-- One row per record and shared key, with the group within which the key links records without a
-- further look.
{{ config(materialized='incremental', incremental_strategy='touched_keys') }}
with match_keys as (

    select * from {{ match_keys_in_scope() }}

),

final as (

    {{ key_groups(
        'match_keys', ref('shared_keys'), ref('identity_rows'), ref('name_variants')
    ) | indent(4) }}

)

select * from final
