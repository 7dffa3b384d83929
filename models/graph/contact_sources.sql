-- One row per record behind a contact.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with row_contacts as (

    select * from {{ ref('row_contacts') }}
    where {{ only_touched_accounts() }}

),

-- The earliest record of a contact names it. An account of one record has one contact at most.
named as (

    select
        account_id,
        contact_key,
        min_by(row_contact_id, landing_rank) as contact_id
    from row_contacts
    where record_count > 1
    group by account_id, contact_key

),

final as (

    select
        coalesce(named.contact_id, row_contacts.row_contact_id) as contact_id,
        row_contacts.account_id,
        row_contacts.import_id,
        row_contacts.row_number,
        row_contacts.row_contact_id,
        row_contacts.evidence_rank
    from row_contacts
    left join named
        on
            row_contacts.account_id = named.account_id
            and row_contacts.contact_key = named.contact_key

)

select * from final
