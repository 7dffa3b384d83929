-- One row per shared key and pair of its groups: whether the key makes them one company, or which
-- guard holds it back.
with final as (

    {{ key_pairs(
        ref('key_groups'), ref('shared_keys'), ref('key_name_pairs'), ref('identity_rows')
    ) | indent(4) }}

)

select * from final
