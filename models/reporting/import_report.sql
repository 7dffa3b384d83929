-- One row per import: what came of its rows.
with imports as (

    select * from {{ ref('stg_lead_imports') }}

),

lead_rows as (

    select * from {{ ref('lead_rows') }}

),

lead_scores as (

    select * from {{ ref('lead_scores') }}

),

withdrawals as (

    select import_id
    from {{ ref('stg_import_events') }}
    group by import_id
    having max_by(event, occurred_at) = 'withdrawn'

),

row_counts as (

    select
        import_id,
        count(*) filter (where row_status = 'accepted') as rows_accepted,
        count(*) filter (where row_status = 'rejected') as rows_rejected
    from lead_rows
    group by import_id

),

ordered_rows as (

    select
        lead_rows.import_id,
        lead_rows.account_id,
        row_number() over (
            partition by lead_rows.account_id
            order by imports.imported_at, lead_rows.import_id, lead_rows.row_number
        ) as ordinal
    from lead_rows
    inner join imports
        on lead_rows.import_id = imports.import_id
    where
        lead_rows.row_status = 'accepted'
        and lead_rows.account_id is not null
        and not coalesce(lead_rows.is_withdrawn, false)

),

accounts_of_imports as (

    select
        import_id,
        account_id,
        count(*) as row_count,
        min(ordinal) as first_ordinal
    from ordered_rows
    group by import_id, account_id

),

account_counts as (

    select
        accounts_of_imports.import_id,
        sum(
            accounts_of_imports.row_count
            - case when accounts_of_imports.first_ordinal = 1 then 1 else 0 end
        ) as rows_duplicate,
        count(*) filter (where accounts_of_imports.first_ordinal = 1) as accounts_new,
        count(*) filter (where accounts_of_imports.first_ordinal > 1) as accounts_matched,
        {% for number in range(4) %}
        count(*) filter (where lead_scores.priority = 'P{{ number }}')
            as priority_p{{ number }}{{ ',' if not loop.last }}
        {% endfor %}
    from accounts_of_imports
    left join lead_scores
        on accounts_of_imports.account_id = lead_scores.account_id
    group by accounts_of_imports.import_id

),

final as (

    select
        imports.import_id,
        imports.source_name,
        imports.source_type,
        imports.customer,
        imports.allowed_use,
        imports.consent_status,
        imports.risk_level,
        imports.file_name,
        imports.imported_by,
        imports.rows_read as rows_total,
        imports.rows_landed,
        row_counts.rows_accepted,
        row_counts.rows_rejected + imports.rows_rejected as rows_rejected,
        cast(coalesce(account_counts.rows_duplicate, 0) as bigint) as rows_duplicate,
        imports.rows_unchanged,
        coalesce(account_counts.accounts_new, 0) as accounts_new,
        coalesce(account_counts.accounts_matched, 0) as accounts_matched,
        {% for number in range(4) %}
        coalesce(account_counts.priority_p{{ number }}, 0) as priority_p{{ number }},
        {% endfor %}
        row_counts.import_id is not null or imports.rows_landed = 0 as is_built,
        withdrawals.import_id is not null as is_withdrawn,
        imports.vendor_last_updated,
        imports.imported_at
    from imports
    left join row_counts
        on imports.import_id = row_counts.import_id
    left join account_counts
        on imports.import_id = account_counts.import_id
    left join withdrawals
        on imports.import_id = withdrawals.import_id

)

select * from final
