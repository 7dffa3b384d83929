-- One row per contact with an identifier that has no hash, or whose hash is under another key than an opt-out's.
with identifiers as (

    select * from {{ ref('contact_identifiers') }}

),

-- Two keys in use is a fault, and then nothing under either key may count as compared.
other_keys as (

    select distinct key_id
    from {{ ref('suppressions_in_force') }}
    where key_id is not null

),

final as (

    select
        'unmatchable_identifier' as rule_id,
        identifiers.account_id,
        identifiers.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        min(identifiers.kind) || ' without a hash that the opt-out list can be compared with' as evidence,
        cast(null as {{ dbt.type_string() }}) as source_ref
    from identifiers
    where
        identifiers.hash is null
        or identifiers.key_id is null
        or exists (
            select 1
            from other_keys
            where other_keys.key_id <> identifiers.key_id
        )
    group by identifiers.account_id, identifiers.contact_id

)

select * from final
