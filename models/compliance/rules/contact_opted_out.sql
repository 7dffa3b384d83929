-- One row per contact that shares an identifier with an opted-out row; contact_id is NULL where
-- such a row names only the company. Built once for the two models that ask it: it looks at everybody.
{{ config(materialized='table') }}
with contacts as (

    select * from {{ ref('gate_subjects') }}
    where contact_id is not null

),

identifiers as (

    select * from {{ ref('contact_identifiers') }}

),

subject_imports as (

    select * from {{ ref('subject_imports') }}

),

opted_out_contacts as (

    select contact_id
    from contacts
    where opt_out

    union

    select contact_id
    from subject_imports
    where contact_id is not null and has_opt_out

),

-- The same number or mailbox may stand on a contact of another account, or twice when a guard
-- kept two apart.
reached_contacts as (

    select contact_id
    from opted_out_contacts

    union

    select reached.contact_id
    from opted_out_contacts
    inner join identifiers as flagged
        on opted_out_contacts.contact_id = flagged.contact_id
    inner join identifiers as reached
        on flagged.hash = reached.hash

    union

    select reached.contact_id
    from {{ ref('opted_out_identifiers') }} as opted_out
    inner join identifiers as reached
        on opted_out.identifier = reached.hash
    where opted_out.kind = 'contact'

),

source_rows as (

    select
        contact_id,
        min(source_ref) as source_ref
    from subject_imports
    where has_opt_out and contact_id is not null
    group by contact_id

),

final as (

    select
        'contact_opted_out' as rule_id,
        contacts.account_id,
        contacts.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        case
            when source_rows.contact_id is null
                then 'an opted-out row carries the same number or mailbox'
            else 'opt-out flag in a source row'
        end as evidence,
        source_rows.source_ref
    from reached_contacts
    inner join contacts
        on reached_contacts.contact_id = contacts.contact_id
    left join source_rows
        on reached_contacts.contact_id = source_rows.contact_id

    union all

    select
        'contact_opted_out' as rule_id,
        account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'opt-out flag in a source row that names only the company' as evidence,
        source_ref
    from subject_imports
    where contact_id is null and has_opt_out

    union all

    select distinct
        'contact_opted_out' as rule_id,
        identifiers.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        'a rejected row with an opt-out flag names the company by its ' || identifiers.kind
            as evidence,
        cast(null as {{ dbt.type_string() }}) as source_ref
    from {{ ref('opted_out_identifiers') }} as opted_out
    inner join {{ ref('account_identifiers') }} as identifiers
        on
            opted_out.kind = identifiers.kind
            and opted_out.identifier = coalesce(identifiers.hash, identifiers.value)

)

select * from final
