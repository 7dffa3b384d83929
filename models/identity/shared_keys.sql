-- One row per key that more than one record has: how many unlike names use it, and what contradicts
-- it.
with final as (

    {{ shared_keys(ref('match_keys'), ref('identity_rows')) | indent(4) }}

)

select * from final
