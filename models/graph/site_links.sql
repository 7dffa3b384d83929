-- One row per account and page that its home page links to and that says more about the company:
-- contact, about or careers.
{{ config(materialized='view') }}
with pages as (

    select * from {{ ref('site_pages') }}
    where page_kind = 'home' and links is not null

),

words as (

    select
        page_kind,
        ' ' || {{ word_key('word') }} || ' ' as word
    from {{ ref('page_link_words') }}

),

links as (

    select
        pages.account_id,
        link.item.url as url,
        ' ' || {{ word_key("coalesce(link.item.text, '')") }} || ' ' as text,
        ' ' || {{ word_key("coalesce(link.item.path, '')") }} || ' ' as path,
        pages.fetched_at
    from pages
    {{ each_json_record(
        'pages.links', {'url': 'VARCHAR', 'text': 'VARCHAR', 'path': 'VARCHAR'}, 'link'
    ) }}

),

told as (

    select
        links.account_id,
        links.url,
        words.page_kind,
        max(links.fetched_at) as fetched_at
    from links
    inner join words
        on
            instr(links.text, words.word) > 0
            or instr(links.path, words.word) > 0
    group by links.account_id, links.url, words.page_kind

),

-- The shortest address of a kind is the page itself and not one below it.
ranked as (

    select
        *,
        row_number() over (
            partition by account_id, page_kind
            order by length(url), url
        ) as kind_rank,
        row_number() over (partition by account_id, url order by page_kind) as url_rank
    from told

),

final as (

    select
        account_id,
        url,
        page_kind,
        fetched_at
    from ranked
    where kind_rank = 1 and url_rank = 1

)

select * from final
