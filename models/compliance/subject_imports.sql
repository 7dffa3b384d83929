-- One row per account, contact and import behind them (contact_id is NULL where the import's
-- rows gave no contact).
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with account_rows as (

    select * from {{ ref('account_rows') }}
    where {{ only_touched_accounts() }}

),

row_contacts as (

    select
        contact_sources.import_id,
        contact_sources.row_number,
        contact_sources.contact_id
    from {{ ref('contact_sources') }} as contact_sources
    where {{ only_touched_accounts('contact_sources.account_id') }}

),

imports as (

    select * from {{ ref('stg_lead_imports') }}

),

grouped as (

    select
        account_rows.account_id,
        row_contacts.contact_id,
        account_rows.import_id,
        min(account_rows.row_number) as first_row_number,
        bool_or(coalesce(account_rows.opt_out, true)) as has_opt_out,
        bool_or(coalesce(account_rows.has_linkedin_origin, true)) as has_linkedin_origin
    from account_rows
    left join row_contacts
        on
            account_rows.import_id = row_contacts.import_id
            and account_rows.row_number = row_contacts.row_number
    group by account_rows.account_id, row_contacts.contact_id, account_rows.import_id

),

final as (

    select
        grouped.account_id,
        grouped.contact_id,
        grouped.import_id,
        {{ source_ref('grouped.import_id', 'grouped.first_row_number') }} as source_ref,
        imports.source_name,
        imports.source_type,
        imports.allowed_use,
        imports.consent_status,
        imports.risk_level,
        imports.customer,
        imports.assessment_reference,
        grouped.has_opt_out,
        grouped.has_linkedin_origin,
        imports.vendor_last_updated,
        imports.imported_at
    from grouped
    left join imports
        on grouped.import_id = imports.import_id

)

select * from final
