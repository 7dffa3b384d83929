-- One row per account, kind and value of what names the company itself: domain, site on a shared
-- host, place id; and the domain of a site that was fetched for it, which only opt-outs look at.
{{ config(materialized='incremental', incremental_strategy='touched_accounts') }}
with account_rows as (

    select
        account_id,
        import_id,
        row_number,
        place_id
    from {{ ref('account_rows') }}
    where {{ only_touched_accounts() }}

),

identifiers as (

    select
        account_rows.account_id,
        'domain' as kind,
        domains.own_domain as value,
        domains.domain_hash as hash,
        domains.key_id
    from account_rows
    inner join {{ ref('lead_row_domains') }} as domains
        on
            account_rows.import_id = domains.import_id
            and account_rows.row_number = domains.row_number
    where domains.own_domain is not null

    union all

    select
        account_rows.account_id,
        'domain' as kind,
        emails.registrable_domain as value,
        emails.domain_hash as hash,
        emails.key_id
    from account_rows
    inner join {{ ref('lead_row_emails') }} as emails
        on
            account_rows.import_id = emails.import_id
            and account_rows.row_number = emails.row_number
    where emails.is_business

    union all

    select
        account_rows.account_id,
        'site' as kind,
        domains.site as value,
        domains.site_hash as hash,
        domains.key_id
    from account_rows
    inner join {{ ref('lead_row_domains') }} as domains
        on
            account_rows.import_id = domains.import_id
            and account_rows.row_number = domains.row_number
    where domains.site is not null

    union all

    select
        account_id,
        'place_id' as kind,
        place_id as value,
        cast(null as {{ dbt.type_string() }}) as hash,
        cast(null as {{ dbt.type_string() }}) as key_id
    from account_rows
    where place_id is not null

    union all

    select
        pages.account_id,
        'fetched_domain' as kind,
        urls.registrable_domain as value,
        urls.domain_hash as hash,
        urls.key_id
    from {{ ref('site_pages') }} as pages
    inner join {{ ref('stg_parsed_urls') }} as urls
        on pages.url = urls.raw_value or pages.final_url = urls.raw_value
    left join {{ ref('shared_hosts') }} as shared_hosts
        on urls.registrable_domain = shared_hosts.domain
    where
        urls.is_valid
        and shared_hosts.domain is null
        and {{ only_touched_accounts('pages.account_id') }}

),

grouped as (

    select
        account_id,
        kind,
        value,
        any_value(hash) as hash,
        any_value(key_id) as key_id
    from identifiers
    group by account_id, kind, value

),

final as (

    select
        *,
        {{ text_number('account_id') }} as account_number,
        {{ text_number('hash') }} as hash_number
    from grouped

)

select * from final
