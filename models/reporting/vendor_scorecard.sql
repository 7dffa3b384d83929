-- One row per source name: what its imports were worth together, and whether they get better. The
-- single deliveries over time stand in import_quality.
with imports as (

    select
        import_report.source_name,
        import_report.rows_total,
        import_report.rows_accepted,
        import_report.rows_rejected,
        import_report.rows_duplicate,
        import_report.accounts_new,
        import_report.accounts_matched,
        import_report.imported_at,
        import_quality.rows_total as records,
        import_quality.rows_accepted as records_accepted,
        import_quality.rows_repeated,
        import_quality.phones_valid,
        import_quality.phones_invalid,
        import_quality.emails_valid,
        import_quality.emails_invalid,
        import_quality.distinct_emails,
        import_quality.personal_emails,
        import_quality.disposable_emails,
        import_quality.opt_out_rows,
        import_quality.companies,
        import_quality.companies_with_contact_point,
        import_quality.acceptance_rate,
        import_quality.is_built
    from {{ ref('import_report') }} as import_report
    inner join {{ ref('import_quality') }} as import_quality
        on import_report.import_id = import_quality.import_id
    where not import_report.is_withdrawn

),

final as (

    select
        source_name,
        count(*) as import_count,
        cast(sum(rows_total) as bigint) as rows_total,
        cast(sum(rows_accepted) as bigint) as rows_accepted,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        cast(sum(rows_duplicate) as bigint) as rows_duplicate,
        cast(sum(accounts_new) as bigint) as accounts_new,
        cast(sum(accounts_matched) as bigint) as accounts_matched,
        cast(sum(opt_out_rows) as bigint) as opt_out_rows,
        cast(sum(records_accepted) filter (where is_built) as double)
        / nullif(sum(records) filter (where is_built), 0) as acceptance_rate,
        cast(sum(rows_repeated) as double) / nullif(sum(records_accepted), 0) as repeat_rate,
        cast(sum(phones_valid) as double) / nullif(sum(phones_valid + phones_invalid), 0)
            as phone_validity_rate,
        cast(sum(emails_valid) as double) / nullif(sum(emails_valid + emails_invalid), 0)
            as email_validity_rate,
        cast(sum(personal_emails + disposable_emails) as double)
        / nullif(sum(distinct_emails), 0) as personal_email_rate,
        cast(sum(companies_with_contact_point) as double) / nullif(sum(companies), 0)
            as contact_point_rate,
        cast(sum(accounts_new) as double) / nullif(sum(accounts_new + accounts_matched), 0)
            as new_account_rate,
        min_by(acceptance_rate, imported_at) as first_acceptance_rate,
        max_by(acceptance_rate, imported_at) as last_acceptance_rate,
        min(imported_at) as first_imported_at,
        max(imported_at) as last_imported_at
    from imports
    group by source_name

)

select * from final
