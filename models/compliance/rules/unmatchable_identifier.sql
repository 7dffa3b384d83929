-- One row per contact that the opt-out list cannot be compared with: an identifier without a hash,
-- a hash under another key than an opt-out's, or no identifier at all.
with identifiers as (

    select * from {{ ref('contact_identifiers') }}

),

contact_channels as (

    select * from {{ ref('contact_channels') }}

),

-- Two keys in use is a fault, and then nothing under either key may count as compared.
other_keys as (

    select distinct key_id
    from {{ ref('suppressions_in_force') }}
    where key_id is not null

),

hits as (

    select
        identifiers.account_id,
        identifiers.contact_id,
        min(identifiers.kind) || ' without a hash that opt-outs can be compared with' as evidence
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

    union all

    -- After a build that broke off, the verdicts may know contacts that the graph does not.
    select
        contact_channels.account_id,
        contact_channels.contact_id,
        'no identifier of the contact is in the graph' as evidence
    from contact_channels
    where
        contact_channels.contact_id is not null
        and contact_channels.channel <> 'needs_enrichment'
        and not exists (
            select 1
            from identifiers
            where identifiers.contact_id = contact_channels.contact_id
        )
    group by contact_channels.account_id, contact_channels.contact_id

),

final as (

    select
        'unmatchable_identifier' as rule_id,
        hits.account_id,
        hits.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        hits.evidence,
        cast(null as {{ dbt.type_string() }}) as source_ref
    from hits

)

select * from final
