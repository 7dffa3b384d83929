-- One row per rule that begins to count at a known moment, account and contact (NULL: every contact
-- of the account): when that is.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with subject_imports as (

    select * from {{ ref('subject_imports') }}
    where {{ only_touched_accounts() }}

),

subjects as (

    select * from {{ ref('gate_subjects') }}
    where {{ only_touched_accounts() }}

),

policy as (

    select
        max(value) filter (where key = 'notice_due_days') as notice_due_days,
        max(value) filter (where key = 'place_id_valid_days') as place_id_valid_days,
        max(value) filter (where key = 'google_content_valid_hours') as google_content_valid_hours
    from {{ ref('outreach_policy') }}

),

-- A person whom we know from somebody else has to be told; our own records come from the person.
known_from_others as (

    select
        subject_imports.contact_id,
        min(subject_imports.imported_at) as since,
        min_by(subject_imports.source_ref, subject_imports.imported_at) as source_ref
    from subject_imports
    where
        subject_imports.contact_id is not null
        and coalesce(subject_imports.source_type, '') <> 'owned'
    group by subject_imports.contact_id

),

notices as (

    select
        'notice_overdue' as rule_id,
        subjects.account_id,
        subjects.contact_id,
        known_from_others.since,
        {{ dbt.dateadd('day', 'policy.notice_due_days', 'known_from_others.since') }} as due_at,
        known_from_others.source_ref
    from subjects
    inner join known_from_others
        on subjects.contact_id = known_from_others.contact_id
    cross join policy
    where subjects.contact_kind is distinct from 'company'

),

places as (

    select
        'stale_place_id' as rule_id,
        account_rows.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        -- A vendor's own date says how old its place ids are.
        max(
            least(
                imports.imported_at,
                coalesce(cast(imports.vendor_last_updated as timestamp), imports.imported_at)
            )
        ) as since,
        min({{ source_ref('account_rows.import_id', 'account_rows.row_number') }}) as source_ref
    from {{ ref('account_rows') }} as account_rows
    inner join {{ ref('stg_lead_imports') }} as imports
        on account_rows.import_id = imports.import_id
    where
        account_rows.place_id is not null
        and {{ only_touched_accounts('account_rows.account_id') }}
    group by account_rows.account_id

),

google_contacts as (

    select
        'google_content_expired' as rule_id,
        account_id,
        contact_id,
        max(imported_at) as since,
        min(source_ref) as source_ref
    from subject_imports
    where contact_id is not null
    group by account_id, contact_id
    having bool_and(coalesce(source_type, '') in ('google_maps', 'google_search'))

),

final as (

    select
        rule_id,
        account_id,
        contact_id,
        source_ref,
        since,
        due_at
    from notices

    union all

    select
        places.rule_id,
        places.account_id,
        places.contact_id,
        places.source_ref,
        places.since,
        {{ dbt.dateadd('day', 'policy.place_id_valid_days', 'places.since') }} as due_at
    from places
    cross join policy

    union all

    select
        google_contacts.rule_id,
        google_contacts.account_id,
        google_contacts.contact_id,
        google_contacts.source_ref,
        google_contacts.since,
        {{ dbt.dateadd('hour', 'policy.google_content_valid_hours', 'google_contacts.since') }}
            as due_at
    from google_contacts
    cross join policy

    union all

    select
        'site_contact_expired' as rule_id,
        points.account_id,
        points.contact_id,
        points.source_url as source_ref,
        points.detected_at as since,
        points.valid_until as due_at
    from {{ ref('site_contact_points') }} as points
    inner join subjects
        on points.contact_id = subjects.contact_id

)

select * from final
