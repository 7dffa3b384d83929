-- One row per record, kind of key and value: what could show that two records are one company. Of
-- withdrawn imports too: their old ids have to find what remains of the company.
{{ config(materialized='incremental', incremental_strategy='append') }}
with accepted_rows as (

    select * from {{ ref('accepted_rows') }}
    where {{ only_new_imports() }}

),

parsed_rows as (

    select
        accepted_rows.landing_rank,
        rows_parsed.*
    from accepted_rows
    inner join {{ ref('lead_rows_parsed') }} as rows_parsed
        on
            accepted_rows.import_id = rows_parsed.import_id
            and accepted_rows.row_number = rows_parsed.row_number

),

-- `Pharmacy` in Riyadh is a trade and not a company, and so is a bare `Company`.
trade_words as (

    select {{ array_text('synonyms.words', ' ') }} as name_key
    from {{ seed_words(ref('sector_synonyms'), 'synonym') }} as synonyms
    union
    select normalized_name as name_key
    from {{ ref('company_names') }}
    where has_legal_words_only

),

-- A record may say the same number twice.
phones as (

    select distinct
        parsed_rows.landing_rank,
        parsed_rows.domain,
        phones.phone_e164
    from parsed_rows
    inner join {{ ref('lead_row_phones') }} as phones
        on
            parsed_rows.import_id = phones.import_id
            and parsed_rows.row_number = phones.row_number
    where phones.is_valid

),

domains as (

    select distinct
        parsed_rows.landing_rank,
        case when domains.own_domain <> parsed_rows.domain then domains.own_domain end as other_domain,
        domains.site
    from parsed_rows
    inner join {{ ref('lead_row_domains') }} as domains
        on
            parsed_rows.import_id = domains.import_id
            and parsed_rows.row_number = domains.row_number
    where domains.own_domain is not null or domains.site is not null

),

-- Names that are more than a trade, in a city. The number in an address is the house's or the post box's;
-- one of two digits may be a floor's or an exit's, one of five is a postal code.
named as (

    select
        addressed.landing_rank,
        addressed.normalized_name || '|' || {{ word_key('addressed.city') }} as name_and_city,
        {{ pattern_group('addressed.with_digits', '(^|[^0-9])([0-9]{3,4})([^0-9]|$)', 2) }} as house_number
    from (
        select
            landing_rank,
            normalized_name,
            city,
            case
                when {{ matches_pattern('address', '[٠-٩۰-۹]') }}
                    then translate(address, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789')
                else address
            end as with_digits
        from parsed_rows
        where city is not null
    ) as addressed
    left join trade_words
        on addressed.normalized_name = trade_words.name_key
    where trade_words.name_key is null

),

final as (

    {% for field in ['place_id', 'national_number', 'cr_number', 'vat_number', 'domain'] %}
    select landing_rank, '{{ field }}' as key_kind, {{ field }} as key_value
    from parsed_rows
    where {{ field }} is not null

    union all

    {% endfor %}
    select distinct landing_rank, 'domain' as key_kind, other_domain as key_value
    from domains
    where other_domain is not null

    union all

    select distinct landing_rank, 'site' as key_kind, site as key_value
    from domains
    where site is not null

    union all

    select distinct parsed_rows.landing_rank, 'email' as key_kind, emails.email as key_value
    from parsed_rows
    inner join {{ ref('lead_row_emails') }} as emails
        on
            parsed_rows.import_id = emails.import_id
            and parsed_rows.row_number = emails.row_number
    where emails.is_business

    union all

    select landing_rank, 'phone' as key_kind, phone_e164 as key_value
    from phones

    union all

    -- Two independent identifiers at once: under these a brand and the firm behind it meet, which
    -- neither identifier proves alone.
    select landing_rank, 'phone_domain' as key_kind, phone_e164 || '|' || domain as key_value
    from phones
    where domain is not null

    union all

    select landing_rank, 'name_city' as key_kind, name_and_city as key_value
    from named

    union all

    -- One name at one number of a city is one company, whatever phone it gives.
    select landing_rank, 'name_address' as key_kind, name_and_city || '|' || house_number as key_value
    from named
    where house_number is not null

)

select * from final
