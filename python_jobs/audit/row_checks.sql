-- One row per record or unreadable line of the file under audit: which terms of the acceptance contract
-- it keeps. NULL: the term does not apply to it. Lines above the header and empty rows are no part of it.
create or replace temp table row_checks as
with phones as (

    select
        row_number,
        bool_and(is_valid) as all_valid,
        bool_or(is_valid) as any_valid
    from normalised.lead_row_phones
    group by row_number

),

emails as (

    select
        row_number,
        bool_and(is_valid) as all_valid,
        bool_or(is_valid) as any_valid,
        bool_or(email_kind = 'disposable') as has_disposable
    from normalised.lead_row_emails
    group by row_number

),

websites as (

    select
        row_number,
        bool_and(is_valid) as all_valid
    from normalised.lead_row_domains
    group by row_number

),

-- Of the few cells that are not valid, phones first.
refused_cells as (

    select 1 as place, row_number, 'phone ' || reject_reason as reason
    from normalised.lead_row_phones
    where not is_valid
    union
    select 2 as place, row_number, 'email ' || reject_reason as reason
    from normalised.lead_row_emails
    where not is_valid
    union
    select 3 as place, row_number, 'website ' || reject_reason as reason
    from normalised.lead_row_domains
    where not is_valid

),

refused as (

    select
        row_number,
        string_agg(reason, ', ' order by place, reason) as details
    from refused_cells
    group by row_number

),

first_rows as (

    select min(row_number) as row_number
    from normalised.lead_rows
    where row_status = 'accepted'
    group by account_id

),

landed as (

    select
        'row' as place,
        lead_rows.row_number as number,
        lead_rows.row_status = 'accepted' as is_acceptable,
        true as is_readable,
        lead_rows.reject_reason is distinct from 'linkedin_source'
        and not coalesce(lead_rows.has_linkedin_origin, false) as is_free_of_linkedin,
        sensitive_rows.row_number is null as is_free_of_sensitive_data,
        coalesce(phones.any_valid, false) or coalesce(emails.any_valid, false) as has_contact_point,
        phones.all_valid as has_valid_phones,
        emails.all_valid as has_valid_emails,
        websites.all_valid as has_valid_websites,
        not emails.has_disposable as is_free_of_disposable_email,
        case when lead_rows.row_status = 'accepted' then first_rows.row_number is not null end
            as is_first_of_its_company,
        concat_ws(', ', lead_rows.reject_reason, refused.details) as details
    from normalised.lead_rows
    left join phones on lead_rows.row_number = phones.row_number
    left join emails on lead_rows.row_number = emails.row_number
    left join websites on lead_rows.row_number = websites.row_number
    left join refused on lead_rows.row_number = refused.row_number
    left join first_rows on lead_rows.row_number = first_rows.row_number
    left join sensitive_rows on lead_rows.row_number = sensitive_rows.row_number
    where lead_rows.reject_reason is distinct from 'empty_row'

)

select * from landed
union all by name
select
    'line' as place,
    line_number as number,
    false as is_acceptable,
    false as is_readable,
    reason as details
from staging.stg_rejected_lines
where is_part_of_list
order by place desc, number
