-- One row per hashed phone or mailbox on an opted-out row, accepted or rejected, of an import
-- that is not withdrawn.
with opted_out_rows as (

    select
        import_id,
        row_number
    from {{ ref('lead_rows') }}
    where
        opt_out
        and not coalesce(is_withdrawn, false)

),

final as (

    select distinct phones.phone_hash as identifier_hash
    from {{ ref('lead_row_phones') }} as phones
    inner join opted_out_rows
        on
            phones.import_id = opted_out_rows.import_id
            and phones.row_number = opted_out_rows.row_number
    where phones.phone_hash is not null

    union

    select distinct emails.email_hash as identifier_hash
    from {{ ref('lead_row_emails') }} as emails
    inner join opted_out_rows
        on
            emails.import_id = opted_out_rows.import_id
            and emails.row_number = opted_out_rows.row_number
    where emails.email_hash is not null

)

select * from final
