-- One row per key that unlike-written names use and each of the names.
{{ config(materialized='incremental', incremental_strategy='touched_keys') }}
with match_keys as (

    select * from {{ match_keys_in_scope() }}

),

final as (

    {{ key_names('match_keys', ref('identity_rows'), ref('name_variants')) | indent(4) }}

)

select * from final
