-- One row per record and shared key, with the group within which the key links records without a
-- further look.
with final as (

    {{ key_groups(
        ref('match_keys'), ref('shared_keys'), ref('identity_rows'), ref('name_variants')
    ) | indent(4) }}

)

select * from final
