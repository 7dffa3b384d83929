-- One row per account and contact point of the company that its own site publishes: role mailboxes,
-- landlines, and WhatsApp numbers for replies only. A site gives nobody's consent; what may be a
-- person's is left where it was found.
with pages as (

    select * from {{ ref('site_pages') }}

),

urls as (

    select * from {{ ref('stg_parsed_urls') }}
    where is_valid and position = 1

),

shared_hosts as (

    select domain from {{ ref('shared_hosts') }}

),

-- What the lists say that the company is called on the web.
own_places as (

    select
        account_id,
        kind,
        value
    from {{ ref('account_identifiers') }}
    where kind in ('domain', 'site')

),

searched as (

    select distinct aliases.account_id
    from {{ ref('stg_enrichment_results') }} as results
    inner join {{ ref('account_aliases') }} as aliases
        on results.subject = aliases.alias_id
    where
        results.provider = 'google_search'
        and results.endpoint = 'homepage'
        and lower(results.status) = 'ok'

),

policy as (

    select max(value) as valid_days
    from {{ ref('outreach_policy') }}
    where key = 'site_contact_valid_days'

),

{% set places = {'asked': 'url', 'reached': 'final_url'} %}
{% for name, column in places.items() %}
{{ name }}_own as (

    select distinct
        pages.account_id,
        pages.url
    from pages
    inner join urls
        on pages.{{ column }} = urls.raw_value
    inner join own_places
        on
            pages.account_id = own_places.account_id
            and own_places.value = case
                when own_places.kind = 'domain' then urls.registrable_domain
                when own_places.value = urls.host then urls.host
                else urls.registrable_domain || '/' || urls.first_path_segment
            end

),

{% endfor %}
-- A site that no list names (any more) and no search found is nobody's.
known_pages as (

    select
        pages.*,
        reached_own.url is not null as is_own_site,
        coalesce(
            pages.expires_at,
            {{ dbt.dateadd('day', 'policy.valid_days', 'pages.fetched_at') }}
        ) as valid_until
    from pages
    cross join policy
    left join asked_own
        on pages.account_id = asked_own.account_id and pages.url = asked_own.url
    left join reached_own
        on pages.account_id = reached_own.account_id and pages.url = reached_own.url
    left join searched
        on pages.account_id = searched.account_id
    where coalesce(asked_own.url, reached_own.url, searched.account_id) is not null

),

written as (

    {% for kind, column in [('email', 'emails'), ('phone', 'phones'), ('whatsapp', 'whatsapp')] %}
    select
        known_pages.account_id,
        known_pages.result_id,
        known_pages.page_kind,
        known_pages.final_url,
        known_pages.is_own_site,
        known_pages.fetched_at,
        known_pages.valid_until,
        '{{ kind }}' as kind,
        {% if kind == 'phone' %}
        instr(
            ';' || coalesce(known_pages.linked_phones, '') || ';', ';' || part.item || ';'
        ) > 0 as is_linked,
        {% else %}
        true as is_linked,
        {% endif %}
        part.item as raw_value
    from known_pages
    {{ each_item(split_text('known_pages.' ~ column, ';'), 'part') }}
    where known_pages.{{ column }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

emails as (

    select
        written.*,
        parsed.email as value,
        'role' as value_kind,
        parsed.email_hash as hash,
        parsed.domain_hash,
        parsed.key_id,
        own_places.value is not null as is_own_name,
        0.95 as confidence
    from written
    inner join {{ ref('stg_parsed_emails') }} as parsed
        on written.raw_value = parsed.raw_value
    inner join {{ ref('mailbox_kinds') }} as kinds
        on parsed.local_part = kinds.local_part
    left join own_places
        on
            written.account_id = own_places.account_id
            and own_places.kind = 'domain'
            and parsed.registrable_domain = own_places.value
    left join shared_hosts
        on parsed.registrable_domain = shared_hosts.domain
    -- A free mailbox or one that may be a person's is not the company's, nor is one of the host
    -- that its shop stands on.
    where
        written.kind = 'email'
        and parsed.is_valid
        and kinds.is_role
        and not coalesce(parsed.is_free_mail, true)
        and not coalesce(parsed.is_disposable, true)
        and shared_hosts.domain is null

),

phones as (

    select
        written.*,
        parsed.e164 as value,
        parsed.phone_type as value_kind,
        parsed.phone_hash as hash,
        cast(null as {{ dbt.type_string() }}) as domain_hash,
        parsed.key_id,
        written.is_linked as is_own_name,
        case when written.kind = 'whatsapp' then 0.9 else 0.85 end as confidence
    from written
    inner join {{ ref('stg_parsed_phones') }} as parsed
        on
            written.raw_value = parsed.raw_value
            and parsed.dialled_in = '{{ var('home_country') }}'
    inner join {{ ref('phone_types') }} as phone_types
        on parsed.phone_type = phone_types.phone_type
    where
        parsed.is_valid
        and (
            (written.kind = 'phone' and phone_types.is_company_like)
            or written.kind = 'whatsapp'
        )

),

every_point as (

    select * from emails
    union all
    select * from phones

),

-- Of several places where it stands, the one that says most.
ranked as (

    select
        *,
        row_number() over (
            partition by account_id, kind, value
            order by
                case when is_own_site then 0 else 1 end,
                case when is_own_name then 0 else 1 end,
                case when page_kind = 'careers' then 1 else 0 end,
                fetched_at desc,
                final_url,
                result_id,
                raw_value
        ) as page_rank
    from every_point
    where valid_until > {{ now_utc() }}

),

final as (

    select
        'poi_' || left({{ sha256_hex("account_id || '|' || kind || '|' || value") }}, 16)
            as contact_point_id,
        account_id,
        case when kind <> 'whatsapp' then {{ site_contact_id('account_id', 'kind', 'value') }} end
            as contact_id,
        result_id,
        kind,
        value,
        value_kind,
        case when kind = 'whatsapp' then 'inbound_only' else 'outbound' end as permitted_use,
        'unknown' as consent_status,
        concat_ws(
            ', ',
            case
                when not is_own_site then 'published on a site that no list names as the company''s'
            end,
            case
                when not is_own_name and kind = 'email' then 'a mailbox at a domain of somebody else'
                when not is_own_name then 'a number in the text that nobody is meant to call by it'
            end,
            case when page_kind = 'careers' then 'published for applicants' end
        ) as doubt,
        hash,
        domain_hash,
        key_id,
        'published on its ' || page_kind || ' page' as evidence,
        final_url as source_url,
        confidence,
        fetched_at as detected_at,
        valid_until
    from ranked
    where page_rank = 1

)

select * from final
