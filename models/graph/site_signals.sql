-- One row per account, kind of signal and value that its own site shows, as sure as on the day it
-- was seen.
with pages as (

    select * from {{ ref('site_pages') }}

),

technologies as (

    select * from {{ ref('site_technologies') }}

),

contact_points as (

    select * from {{ ref('site_contact_points') }}

),

phrases as (

    select
        signal_type,
        phrase,
        ' ' || {{ word_key('phrase') }} || ' ' as words,
        confidence
    from {{ ref('site_signal_phrases') }}

),

page_words as (

    select
        account_id,
        final_url,
        fetched_at,
        ' ' || {{ word_key("coalesce(title, '') || ' ' || coalesce(text, '')") }} || ' ' as words
    from pages

),

-- One sign of a kind per account: three phrases of one page are not three times as sure.
phrase_hits as (

    select
        page_words.account_id,
        phrases.signal_type,
        phrases.phrase,
        page_words.final_url,
        phrases.confidence,
        page_words.fetched_at,
        row_number() over (
            partition by page_words.account_id, phrases.signal_type
            order by
                phrases.confidence desc,
                page_words.fetched_at desc,
                page_words.final_url,
                phrases.phrase
        ) as hit_rank
    from page_words
    inner join phrases
        on instr(page_words.words, phrases.words) > 0

),

languages as (

    select
        account_id,
        sum(arabic_letters) as arabic_letters,
        sum(latin_letters) as latin_letters,
        min(final_url) as final_url,
        max(fetched_at) as fetched_at
    from pages
    group by account_id

),

final as (

    select
        account_id,
        'technology' as signal_type,
        technology as signal_value,
        evidence,
        source_url,
        confidence,
        detected_at
    from technologies

    union all

    select
        account_id,
        signal_type,
        phrase as signal_value,
        'the site says: ' || phrase as evidence,
        final_url as source_url,
        confidence,
        fetched_at as detected_at
    from phrase_hits
    where hit_rank = 1

    union all

    -- Every site has some Latin letters in its names; a tenth of the text is a language.
    select
        account_id,
        'site_language' as signal_type,
        case
            when latin_letters * 10 < arabic_letters + latin_letters then 'ar'
            when arabic_letters * 10 < arabic_letters + latin_letters then 'en'
            else 'ar, en'
        end as signal_value,
        arabic_letters || ' Arabic and ' || latin_letters || ' Latin letters' as evidence,
        final_url as source_url,
        1.0 as confidence,
        fetched_at as detected_at
    from languages
    where arabic_letters + latin_letters >= 100

    union all

    select
        account_id,
        'published_contact' as signal_type,
        kind || ' ' || value_kind
        || case when permitted_use = 'inbound_only' then ', inbound only' else '' end
            as signal_value,
        min(evidence) as evidence,
        min(source_url) as source_url,
        max(confidence) as confidence,
        max(detected_at) as detected_at
    from contact_points
    group by account_id, kind, value_kind, permitted_use

)

select * from final
