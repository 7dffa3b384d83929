-- One row per record and shared key, with the group within which the key may link it to others.
with final as (

    {{ key_groups(ref('match_keys'), ref('shared_keys'), ref('identity_rows')) | indent(4) }}

)

select * from final
