-- One row per contact, and one per account without a contact: what the rules look at.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with account_terms as (

    select * from {{ ref('account_terms') }}
    where {{ only_touched_accounts() }}

),

contacts as (

    select
        contact_id,
        account_id,
        contact_kind,
        full_name,
        email,
        phone_e164,
        consent_status,
        source_count,
        opt_out
    from {{ ref('contacts') }}
    where {{ only_touched_accounts() }}

),

kinds_of_identifiers as (

    select
        contact_identifiers.contact_id,
        contact_identifiers.kind,
        contact_identifiers.value_kind,
        not coalesce(phone_types.is_company_like, false) as is_personal_phone,
        coalesce(
            contact_identifiers.value_kind in ('role', 'named', 'personal', 'disposable'), false
        ) as is_known_email_kind,
        coalesce(phone_types.phone_type <> 'unknown', false) as is_known_phone_type
    from {{ ref('contact_identifiers') }} as contact_identifiers
    left join {{ ref('phone_types') }} as phone_types
        on contact_identifiers.value_kind = phone_types.phone_type
    where {{ only_touched_accounts('contact_identifiers.account_id') }}

),

-- From all identifiers and not from the contact's first: one bad one is enough for a rule.
identifiers as (

    select
        contact_id,
        bool_or(kind = 'email') as has_email,
        bool_or(kind = 'phone') as has_phone,
        bool_or(kind = 'phone' and value_kind in ('mobile', 'landline_or_mobile')) as has_mobile,
        bool_or(kind = 'phone' and is_personal_phone) as has_personal_phone,
        bool_or(kind = 'email' and value_kind = 'personal') as has_personal_email,
        bool_or(kind = 'email' and value_kind = 'named') as has_named_email,
        bool_or(kind = 'email' and value_kind = 'disposable') as has_disposable_email,
        bool_or(not coalesce(
            (kind = 'email' and is_known_email_kind) or (kind = 'phone' and is_known_phone_type),
            false
        )) as has_unknown_identifier
    from kinds_of_identifiers
    group by contact_id

),

sources as (

    select
        contact_id,
        min(source_ref) as source_ref
    from {{ ref('subject_imports') }}
    where contact_id is not null and {{ only_touched_accounts() }}
    group by contact_id

    union all

    select
        contact_id,
        source_url as source_ref
    from {{ ref('site_contact_points') }}
    where
        {{ only_touched_accounts() }}
        -- Of a contact that no list names.
        and contact_id in (select contacts.contact_id from contacts)

),

-- Of the accounts that have no contact in any list.
account_sources as (

    select
        account_id,
        min(source_ref) as source_ref
    from {{ ref('subject_imports') }}
    where contact_id is null and {{ only_touched_accounts() }}
    group by account_id

),

-- A consent on record counts for the person, whatever the lists say; a withdrawal counts at read.
consenting as (

    select distinct identifiers.contact_id
    from {{ ref('consents_in_force') }} as consents
    inner join {{ ref('contact_identifiers') }} as identifiers
        on consents.subject_hash = identifiers.hash

),

contact_subjects as (

    select
        contacts.contact_id as subject_id,
        contacts.account_id,
        contacts.contact_id,
        contacts.contact_kind,
        case
            when contacts.consent_status = 'withdrawn' or consenting.contact_id is null
                then contacts.consent_status
            else 'opted_in'
        end as consent_status,
        account_terms.allowed_use,
        account_terms.risk_level,
        contacts.email,
        contacts.phone_e164,
        sources.source_ref,
        contacts.source_count,
        trim(coalesce(contacts.full_name, '')) <> '' as has_full_name,
        coalesce(identifiers.has_email, false) as has_email,
        coalesce(identifiers.has_phone, false) as has_phone,
        coalesce(identifiers.has_mobile, false) as has_mobile,
        coalesce(identifiers.has_personal_phone, false) as has_personal_phone,
        coalesce(identifiers.has_personal_email, false) as has_personal_email,
        coalesce(identifiers.has_named_email, false) as has_named_email,
        coalesce(identifiers.has_disposable_email, false) as has_disposable_email,
        -- A contact point that is no identifier could never be compared with the opt-outs.
        coalesce(identifiers.has_unknown_identifier, false)
        or (contacts.email is not null and not coalesce(identifiers.has_email, false))
        or (contacts.phone_e164 is not null and not coalesce(identifiers.has_phone, false))
            as has_unknown_identifier,
        contacts.opt_out,
        account_terms.is_sole_establishment
    from contacts
    left join account_terms
        on contacts.account_id = account_terms.account_id
    left join identifiers
        on contacts.contact_id = identifiers.contact_id
    left join sources
        on contacts.contact_id = sources.contact_id
    left join consenting
        on contacts.contact_id = consenting.contact_id

),

account_subjects as (

    select
        account_terms.account_id as subject_id,
        account_terms.account_id,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as contact_kind,
        account_terms.consent_status,
        account_terms.allowed_use,
        account_terms.risk_level,
        cast(null as {{ dbt.type_string() }}) as email,
        cast(null as {{ dbt.type_string() }}) as phone_e164,
        account_sources.source_ref,
        account_terms.source_count,
        false as has_full_name,
        false as has_email,
        false as has_phone,
        false as has_mobile,
        false as has_personal_phone,
        false as has_personal_email,
        false as has_named_email,
        false as has_disposable_email,
        false as has_unknown_identifier,
        account_terms.opt_out,
        account_terms.is_sole_establishment
    from account_terms
    left join account_sources
        on account_terms.account_id = account_sources.account_id
    where not exists (
        select 1
        from contacts
        where contacts.account_id = account_terms.account_id
    )

),

subjects as (

    select * from contact_subjects
    union all
    select * from account_subjects

),

final as (

    select
        *,
        {{ text_number('account_id') }} as account_number,
        {{ text_number('contact_id') }} as contact_number
    from subjects

)

select * from final
