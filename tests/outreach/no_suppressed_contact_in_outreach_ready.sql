-- Guards outreach.outreach_ready. A row here: somebody who is on the opt-out list would be
-- contacted.
-- Finds the identifiers again from the raw rows behind the contact, not from the graph or the
-- rules.
with ready as (

    select
        account_id,
        contact_id,
        email,
        phone_e164
    from {{ ref('outreach_ready') }}

),

source_rows as (

    select
        ready.contact_id,
        contact_sources.import_id,
        contact_sources.row_number
    from ready
    inner join {{ ref('contact_sources') }} as contact_sources
        on ready.contact_id = contact_sources.contact_id

),

account_rows as (

    select
        ready.contact_id,
        rows_parsed.import_id,
        rows_parsed.row_number,
        rows_parsed.place_id
    from ready
    inner join {{ ref('clusters') }} as clusters
        on ready.account_id = clusters.account_id
    inner join {{ ref('lead_rows_parsed') }} as rows_parsed
        on
            clusters.import_id = rows_parsed.import_id
            and clusters.row_number = rows_parsed.row_number
    where not coalesce(rows_parsed.is_withdrawn, false)

),

cells as (

    select
        import_id,
        row_number,
        raw_value
    from {{ ref('lead_row_cells') }}

),

subjects as (

    select
        source_rows.contact_id,
        parsed.phone_hash as subject
    from source_rows
    inner join cells
        on
            source_rows.import_id = cells.import_id
            and source_rows.row_number = cells.row_number
    inner join {{ ref('stg_parsed_phones') }} as parsed
        on cells.raw_value = parsed.raw_value

    union all

    select
        source_rows.contact_id,
        parsed.email_hash as subject
    from source_rows
    inner join cells
        on
            source_rows.import_id = cells.import_id
            and source_rows.row_number = cells.row_number
    inner join {{ ref('stg_parsed_emails') }} as parsed
        on cells.raw_value = parsed.raw_value

    union all

    select
        source_rows.contact_id,
        parsed.domain_hash as subject
    from source_rows
    inner join cells
        on
            source_rows.import_id = cells.import_id
            and source_rows.row_number = cells.row_number
    inner join {{ ref('stg_parsed_emails') }} as parsed
        on cells.raw_value = parsed.raw_value

    union all

    select
        account_rows.contact_id,
        parsed.domain_hash as subject
    from account_rows
    inner join cells
        on
            account_rows.import_id = cells.import_id
            and account_rows.row_number = cells.row_number
    inner join {{ ref('stg_parsed_urls') }} as parsed
        on cells.raw_value = parsed.raw_value
    left join {{ ref('shared_hosts') }} as shared_hosts
        on parsed.registrable_domain = shared_hosts.domain
    where shared_hosts.domain is null

    union all

    -- What only a site publishes stands in no row.
    select
        ready.contact_id,
        parsed.email_hash as subject
    from ready
    inner join {{ ref('stg_parsed_emails') }} as parsed
        on ready.email = parsed.email

    union all

    select
        ready.contact_id,
        parsed.domain_hash as subject
    from ready
    inner join {{ ref('stg_parsed_emails') }} as parsed
        on ready.email = parsed.email

    union all

    select
        ready.contact_id,
        parsed.phone_hash as subject
    from ready
    inner join {{ ref('stg_parsed_phones') }} as parsed
        on ready.phone_e164 = parsed.e164

    union all

    select
        contact_id,
        place_id as subject
    from account_rows

    union all

    select
        ready.contact_id,
        account_aliases.alias_id as subject
    from ready
    inner join {{ ref('account_aliases') }} as account_aliases
        on ready.account_id = account_aliases.account_id

),

-- The last event on a subject, whatever its scope: a release of one channel does not release the
-- others.
last_opt_outs as (

    select
        coalesce(subject_hash, subject_id) as subject,
        max(occurred_at) filter (where event <> 'release') as opted_out_at,
        max(occurred_at) filter (where event = 'release') as released_at
    from {{ ref('stg_suppression_events') }}
    where scope = 'all'
    group by coalesce(subject_hash, subject_id)

)

select distinct subjects.contact_id
from subjects
inner join last_opt_outs
    on subjects.subject = last_opt_outs.subject
where
    last_opt_outs.opted_out_at >= last_opt_outs.released_at
    or (last_opt_outs.opted_out_at is not null and last_opt_outs.released_at is null)
