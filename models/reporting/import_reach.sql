-- One row per import: what depends on it at this moment, and so what its withdrawal would affect.
-- Before the build that knows it, and after the one that leaves it out, nothing does.
with imports as (

    select * from {{ ref('stg_lead_imports') }}

),

subject_imports as (

    select * from {{ ref('subject_imports') }}

),

account_sources as (

    select
        import_id,
        account_id,
        count(*) over (partition by account_id) as source_count
    from (
        select distinct
            import_id,
            account_id
        from subject_imports
    ) as imports_of_accounts

),

contact_sources as (

    select
        import_id,
        contact_id,
        count(*) over (partition by contact_id) as source_count
    from (
        select distinct
            import_id,
            contact_id
        from subject_imports
        where contact_id is not null
    ) as imports_of_contacts

),

account_counts as (

    select
        import_id,
        count(*) as accounts,
        count(*) filter (where source_count = 1) as accounts_lost
    from account_sources
    group by import_id

),

contact_counts as (

    select
        import_id,
        count(*) as contacts,
        count(*) filter (where source_count = 1) as contacts_lost
    from contact_sources
    group by import_id

),

-- By account and not by contact: the name, the sector or the score may come from the list.
items as (

    select
        account_sources.import_id,
        queue.queue_id,
        queue.status
    from account_sources
    inner join {{ ref('outreach_queue') }} as queue
        on account_sources.account_id = queue.account_id

),

item_counts as (

    select
        import_id,
        count(*) filter (where status = 'queued') as items_queued,
        count(*) filter (where status = 'approved') as items_approved,
        count(*) filter (where status = 'exported') as items_exported
    from items
    group by import_id

),

files as (

    select distinct
        items.import_id,
        events.export_id,
        events.export_file
    from items
    inner join {{ ref('stg_outreach_events') }} as events
        on items.queue_id = events.queue_id
    where events.event = 'exported'

),

file_counts as (

    select
        import_id,
        count(distinct export_id) as exports,
        {{ text_agg('export_file', ', ', 'export_file') }} as export_files
    from files
    group by import_id

),

opt_outs as (

    select
        import_id,
        count(*) as rows_opted_out
    from {{ ref('lead_rows') }}
    where opt_out and not coalesce(is_withdrawn, false)
    group by import_id

),

final as (

    select
        imports.import_id,
        imports.source_name,
        imports.customer,
        imports.rows_landed,
        coalesce(account_counts.accounts, 0) as accounts,
        coalesce(account_counts.accounts_lost, 0) as accounts_lost,
        coalesce(contact_counts.contacts, 0) as contacts,
        coalesce(contact_counts.contacts_lost, 0) as contacts_lost,
        coalesce(item_counts.items_queued, 0) as items_queued,
        coalesce(item_counts.items_approved, 0) as items_approved,
        coalesce(item_counts.items_exported, 0) as items_exported,
        coalesce(file_counts.exports, 0) as exports,
        file_counts.export_files,
        coalesce(opt_outs.rows_opted_out, 0) as rows_opted_out
    from imports
    left join account_counts
        on imports.import_id = account_counts.import_id
    left join contact_counts
        on imports.import_id = contact_counts.import_id
    left join item_counts
        on imports.import_id = item_counts.import_id
    left join file_counts
        on imports.import_id = file_counts.import_id
    left join opt_outs
        on imports.import_id = opt_outs.import_id

)

select * from final
