-- One row per kind and identifier on an opted-out row of an import that is not withdrawn: hashed
-- phones and mailboxes (kind contact); of rejected rows also what names the company.
with opted_out_rows as (

    select
        import_id,
        row_number,
        place_id,
        reject_reason
    from {{ ref('lead_rows_parsed') }}
    where
        opt_out
        and not coalesce(is_withdrawn, false)

),

-- An accepted row is in the graph and reaches its company there; a rejected one only by these.
rejected_domains as (

    select
        domains.own_domain,
        domains.domain_hash,
        domains.site_hash
    from {{ ref('lead_row_domains') }} as domains
    inner join opted_out_rows
        on
            domains.import_id = opted_out_rows.import_id
            and domains.row_number = opted_out_rows.row_number
    where
        opted_out_rows.reject_reason is not null
        and domains.is_valid

),

final as (

    select
        'contact' as kind,
        phones.phone_hash as identifier
    from {{ ref('lead_row_phones') }} as phones
    inner join opted_out_rows
        on
            phones.import_id = opted_out_rows.import_id
            and phones.row_number = opted_out_rows.row_number
    where phones.phone_hash is not null

    union

    select
        'contact' as kind,
        emails.email_hash as identifier
    from {{ ref('lead_row_emails') }} as emails
    inner join opted_out_rows
        on
            emails.import_id = opted_out_rows.import_id
            and emails.row_number = opted_out_rows.row_number
    where emails.email_hash is not null

    union

    select
        'domain' as kind,
        domain_hash as identifier
    from rejected_domains
    where own_domain is not null and domain_hash is not null

    union

    select
        'site' as kind,
        site_hash as identifier
    from rejected_domains
    where site_hash is not null

    union

    select
        'place_id' as kind,
        place_id as identifier
    from opted_out_rows
    where reject_reason is not null and place_id is not null

)

select * from final
