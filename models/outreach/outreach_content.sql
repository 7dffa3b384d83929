-- One row per contact and channel: everything an outreach item shows that changes only with a
-- build.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with contact_channels as (

    select * from {{ ref('contact_channels') }}
    where {{ only_touched_accounts() }}

),

accounts as (

    select * from {{ ref('accounts') }}
    where {{ only_touched_accounts() }}

),

contacts as (

    select * from {{ ref('contacts') }}
    where {{ only_touched_accounts() }}

),

lead_scores as (

    select * from {{ ref('lead_scores') }}

),

sources as (

    select
        coalesce(contact_id, account_id) as subject_id,
        array_sort(array_agg(distinct source_name)) as source_names,
        array_sort(array_agg(distinct customer) filter (where customer is not null)) as customers
    from {{ ref('subject_imports') }}
    where {{ only_touched_accounts() }}
    group by coalesce(contact_id, account_id)

),

named as (

    select
        contact_channels.verdict_id,
        contact_channels.account_id,
        contact_channels.contact_id,
        contact_channels.channel,
        accounts.company_name,
        nullif(trim(contacts.full_name), '') as contact_name,
        -- A throw-away mailbox is no contact point on any channel.
        case when coalesce(contacts.email_kind, '') <> 'disposable' then contacts.email end
            as email,
        contacts.phone_e164,
        case
            when
                {{ matches_pattern('accounts.company_name', '[؀-ۿ]') }}
                and not {{ matches_pattern('accounts.company_name', '[A-Za-z]') }}
                then 'ar'
            else 'en'
        end as language,
        lead_scores.priority,
        coalesce({{ array_text('sources.source_names', ', ') }}, contacts.source_names)
            as source_names,
        sources.customers,
        lead_scores.total_score,
        lead_scores.data_quality_score
    from contact_channels
    left join accounts
        on contact_channels.account_id = accounts.account_id
    left join contacts
        on contact_channels.contact_id = contacts.contact_id
    left join lead_scores
        on contact_channels.account_id = lead_scores.account_id
    left join sources
        on coalesce(contact_channels.contact_id, contact_channels.account_id) = sources.subject_id

),

final as (

    select
        named.verdict_id,
        named.account_id,
        named.contact_id,
        named.company_name,
        named.contact_name,
        named.channel,
        named.email,
        named.phone_e164,
        named.priority,
        named.language,
        named.source_names,
        coalesce(named.customers, {{ array_where(split_text("''", ','), "item <> ''") }})
            as customers,
        named.total_score,
        named.data_quality_score
    from named

)

select * from final
