-- One row per record behind a contact.
with row_contacts as (

    select * from {{ ref('row_contacts') }}

),

account_rows as (

    select
        import_id,
        row_number,
        landing_rank
    from {{ ref('account_rows') }}

),

final as (

    select
        min_by(row_contacts.row_contact_id, account_rows.landing_rank) over (
            partition by row_contacts.account_id, row_contacts.contact_key
        ) as contact_id,
        row_contacts.account_id,
        row_contacts.import_id,
        row_contacts.row_number,
        row_contacts.row_contact_id
    from row_contacts
    inner join account_rows
        on
            row_contacts.import_id = account_rows.import_id
            and row_contacts.row_number = account_rows.row_number

)

select * from final
