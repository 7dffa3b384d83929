-- One row per account and search hit that could be its home page, with the evidence: never simply
-- the first hit, and none when two are as good.
{{ config(materialized='view') }}
with answers as (

    select * from {{ ref('stg_google_cache') }}
    where endpoint = 'homepage' and expires_at > {{ now_utc() }}

),

accounts as (

    select
        accounts.*,
        ' ' || accounts.normalized_name || ' ' as padded_name,
        {{ split_text('accounts.normalized_name', ' ') }} as name_words
    from {{ ref('accounts') }} as accounts

),

cities as (

    select * from {{ ref('cities') }}

),

shared as (

    select domain from {{ ref('shared_hosts') }}
    union
    select domain from {{ ref('directory_hosts') }}

),

hits as (

    select
        aliases.account_id,
        hit.item.host as host,
        hit.item.domain as domain,
        {{ word_key("coalesce(hit.item.title, '')") }} as title,
        {{ word_key("coalesce(hit.item.title, '') || ' ' || coalesce(hit.item.snippet, '')") }}
            as words,
        {{ replace_pattern(
            fold("coalesce(hit.item.title, '') || coalesce(hit.item.snippet, '')"), '[^0-9]', ''
        ) }} as digits,
        answers.fetched_at
    from answers
    inner join {{ ref('account_aliases') }} as aliases
        on answers.subject = aliases.alias_id
    {{ each_json_record(
        json_key('answers.content', "'items'"),
        {'host': 'VARCHAR', 'domain': 'VARCHAR', 'title': 'VARCHAR', 'snippet': 'VARCHAR'},
        'hit',
    ) }}

),

-- One site once, whatever page of it was found; its home page is what we want.
sites as (

    select
        hits.account_id,
        hits.domain,
        'https://' || hits.host || '/' as url,
        min(hits.title) as title,
        {{ text_agg('hits.words', ' ', 'hits.words') }} as words,
        {{ text_agg('hits.digits', ' ', 'hits.digits') }} as digits,
        max(hits.fetched_at) as fetched_at,
        row_number() over (
            partition by hits.account_id, hits.domain
            order by length(hits.host), hits.host
        ) as host_rank
    from hits
    where
        hits.domain is not null
        and hits.domain not in (select shared.domain from shared)
    group by hits.account_id, hits.domain, hits.host

),

compared as (

    select
        sites.*,
        accounts.padded_name,
        accounts.normalized_name,
        accounts.name_words,
        {{ array_where(
            'accounts.name_words', "instr(' ' || sites.words || ' ', ' ' || item || ' ') > 0"
        ) }} as found_words,
        {{ array_where(
            'accounts.name_words', "instr(' ' || sites.title || ' ', ' ' || item || ' ') > 0"
        ) }} as title_words,
        {{ word_key("coalesce(accounts.city, '')") }} as city,
        {{ word_key("coalesce(cities.city_ar, '')") }} as city_ar,
        -- The national part: sites write +966 11, 011 and 00966 11.
        right(accounts.phone_e164, 9) as phone_digits
    from sites
    inner join accounts
        on sites.account_id = accounts.account_id
    left join cities
        on accounts.city = cities.city
    where sites.host_rank = 1

),

evidence as (

    select account_id, url, 'name_in_title' as evidence
    from compared
    where {{ array_size('title_words') }} = {{ array_size('name_words') }}

    union all

    select account_id, url, 'name_in_domain' as evidence
    from compared
    where
        length(normalized_name) >= 4
        and split_part(replace(domain, '-', ''), '.', 1) = replace(normalized_name, ' ', '')

    union all

    select account_id, url, 'name_words_in_text' as evidence
    from compared
    where
        {{ array_size('found_words') }} > 0
        and {{ array_size('found_words') }} * 2 >= {{ array_size('name_words') }}

    union all

    select account_id, url, 'city_in_text' as evidence
    from compared
    where
        (city <> '' and instr(' ' || words || ' ', ' ' || city || ' ') > 0)
        or (city_ar <> '' and instr(' ' || words || ' ', ' ' || city_ar || ' ') > 0)

    union all

    select account_id, url, 'phone_in_text' as evidence
    from compared
    where phone_digits is not null and instr(digits, phone_digits) > 0

    union all

    select account_id, url, 'saudi_domain' as evidence
    from compared
    where {{ matches_pattern('domain', '[.](sa|ae|kw|bh|qa|om)$') }}

),

weighed as (

    select
        evidence.account_id,
        evidence.url,
        {{ text_agg('evidence.evidence', ', ', 'evidence.evidence') }} as evidence,
        sum(weights.points) as points
    from evidence
    inner join {{ ref('homepage_weights') }} as weights
        on evidence.evidence = weights.evidence
    group by evidence.account_id, evidence.url

),

bar as (

    select max(points) as points
    from {{ ref('homepage_weights') }}
    where evidence = 'is_accepted_from'

),

ranked as (

    select
        compared.account_id,
        compared.url,
        coalesce(weighed.evidence, 'nothing') as evidence,
        cast(coalesce(weighed.points, 0) as integer) as points,
        compared.fetched_at,
        row_number() over (
            partition by compared.account_id
            order by coalesce(weighed.points, 0) desc, compared.url
        ) as points_rank,
        count(*) over (
            partition by compared.account_id, coalesce(weighed.points, 0)
        ) as equals
    from compared
    left join weighed
        on
            compared.account_id = weighed.account_id
            and compared.url = weighed.url

),

final as (

    select
        ranked.account_id,
        ranked.url,
        ranked.evidence,
        ranked.points,
        ranked.points_rank = 1
        and ranked.equals = 1
        and ranked.points >= bar.points as is_accepted,
        ranked.fetched_at
    from ranked
    cross join bar

)

select * from final
