{#
  suppressions: a relation or CTE, the opt-outs in force.
  contact_identifiers: a relation or CTE, the graph's identifiers.
  contact_channels: a relation or CTE, the contacts and channels that are asked about.
  The rule unmatchable_identifier, for its file and for read_hits_of.
#}
{% macro unmatchable_identifier(suppressions, contact_identifiers, contact_channels) %}
with contact_channels as (

    select * from {{ contact_channels }}

),

-- Two keys in use is a fault, and then nothing under either key may count as compared; nor is
-- anybody while nobody knows who it was that opted out.
keys_in_use as (

    select
        min(key_id) as first_key_id,
        max(key_id) as last_key_id,
        count(*) filter (where subject_hash is null and subject_id is null) as unknown_subjects
    from {{ suppressions }}

),

hits as (

    select
        identifiers.account_id,
        identifiers.contact_id,
        min(identifiers.kind) || ' without a hash that opt-outs can be compared with' as evidence
    from {{ contact_identifiers }} as identifiers
    cross join keys_in_use
    where
        identifiers.hash is null
        or identifiers.key_id is null
        or coalesce(keys_in_use.first_key_id <> identifiers.key_id, false)
        or coalesce(keys_in_use.last_key_id <> identifiers.key_id, false)
        or keys_in_use.unknown_subjects > 0
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
        and contact_channels.contact_id not in (
            select identifiers.contact_id
            from {{ contact_identifiers }} as identifiers
            where identifiers.contact_id is not null
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
{% endmacro %}
