-- One row per record that names a way to reach somebody or a person: the one contact it yields, by
-- its key in the account. All phones and mailboxes of a record are one contact, so that the opt-out
-- of any of them reaches all.
{{ config(materialized=unless_trial(), incremental_strategy='touched_accounts') }}
with account_rows as (

    select * from {{ ref('account_rows') }}
    where {{ only_touched_accounts() }}

),

emails as (

    select
        import_id,
        row_number,
        min_by(email, email_number) filter (where email_kind in ('named', 'personal'))
            as personal_email,
        min_by(email, email_number) as any_email
    from {{ ref('lead_row_emails') }} as emails
    where
        emails.is_valid
        and {{ only_rows_of('account_rows', 'emails') }}
    group by import_id, row_number

),

phones as (

    select
        phones.import_id,
        phones.row_number,
        min_by(phones.phone_e164, phones.phone_number)
            filter (where not coalesce(phone_types.is_company_like, false)) as personal_phone,
        min_by(phones.phone_e164, phones.phone_number) as any_phone
    from {{ ref('lead_row_phones') }} as phones
    left join {{ ref('phone_types') }} as phone_types
        on phones.phone_type = phone_types.phone_type
    where
        phones.is_valid
        and {{ only_rows_of('account_rows', 'phones') }}
    group by phones.import_id, phones.row_number

),

final as (

    select
        account_rows.account_id,
        account_rows.import_id,
        account_rows.row_number,
        account_rows.row_contact_id,
        account_rows.landing_rank,
        account_rows.evidence_rank,
        account_rows.record_count,
        coalesce(
            'email:' || emails.personal_email,
            'name:' || nullif({{ word_key('account_rows.contact_name') }}, ''),
            'phone:' || phones.personal_phone,
            'email:' || emails.any_email,
            'phone:' || phones.any_phone
        ) as contact_key
    from account_rows
    left join emails
        on account_rows.import_id = emails.import_id and account_rows.row_number = emails.row_number
    left join phones
        on account_rows.import_id = phones.import_id and account_rows.row_number = phones.row_number
    where coalesce(account_rows.contact_name, emails.any_email, phones.any_phone) is not null

)

select * from final
