-- One row per key that unlike-written names use and each of the names.
with final as (

    {{ key_names(ref('match_keys'), ref('identity_rows'), ref('name_variants')) | indent(4) }}

)

select * from final
