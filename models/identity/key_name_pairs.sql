-- One row per key and pair of names under it that are compared: how alike they are.
with final as (

    {{ key_name_pairs(ref('key_names'), ref('name_variants')) | indent(4) }}

)

select * from final
