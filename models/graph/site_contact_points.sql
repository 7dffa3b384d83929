-- One row per account and contact point of the company that its own site publishes: role mailboxes,
-- landlines, and WhatsApp numbers for replies only. A site gives nobody's consent.
with pages as (

    select * from {{ ref('site_pages') }}

),

written as (

    {% for kind, column in [('email', 'emails'), ('phone', 'phones'), ('whatsapp', 'whatsapp')] %}
    select
        pages.account_id,
        pages.final_url,
        pages.fetched_at,
        '{{ kind }}' as kind,
        part.item as raw_value
    from pages
    {{ each_item(split_text('pages.' ~ column, ';'), 'part') }}
    where pages.{{ column }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

emails as (

    select
        written.account_id,
        written.kind,
        parsed.email as value,
        'role' as value_kind,
        'outbound_after_review' as permitted_use,
        parsed.email_hash as hash,
        written.final_url,
        written.fetched_at,
        0.95 as confidence
    from written
    inner join {{ ref('stg_parsed_emails') }} as parsed
        on written.raw_value = parsed.raw_value
    inner join {{ ref('mailbox_kinds') }} as kinds
        on parsed.local_part = kinds.local_part
    -- A free mailbox or one that may be a person's is not the company's.
    where
        written.kind = 'email'
        and parsed.is_valid
        and kinds.is_role
        and not coalesce(parsed.is_free_mail, true)
        and not coalesce(parsed.is_disposable, true)

),

phones as (

    select
        written.account_id,
        written.kind,
        parsed.e164 as value,
        parsed.phone_type as value_kind,
        case
            when written.kind = 'whatsapp' then 'inbound_only' else 'outbound_after_review'
        end as permitted_use,
        parsed.phone_hash as hash,
        written.final_url,
        written.fetched_at,
        case when written.kind = 'whatsapp' then 0.9 else 0.85 end as confidence
    from written
    inner join {{ ref('stg_parsed_phones') }} as parsed
        on written.raw_value = parsed.raw_value
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

ranked as (

    select
        *,
        row_number() over (
            partition by account_id, kind, value
            order by fetched_at desc, final_url, value_kind
        ) as age_rank
    from every_point

),

final as (

    select
        'poi_' || left({{ sha256_hex("account_id || '|' || kind || '|' || value") }}, 16)
            as contact_point_id,
        account_id,
        kind,
        value,
        value_kind,
        permitted_use,
        'unknown' as consent_status,
        hash,
        'published on its own site' as evidence,
        final_url as source_url,
        confidence,
        fetched_at as detected_at
    from ranked
    where age_rank = 1

)

select * from final
