-- One row per key that more than one record has: how many unlike names use it, and what contradicts
-- it.
with final as (

    {{ shared_keys(
        ref('match_keys'), ref('identity_rows'), ref('key_names'), ref('key_name_pairs')
    ) | indent(4) }}

)

select * from final
