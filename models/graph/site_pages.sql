-- One row per account and page of its site: what the page held when it was last fetched. A page that
-- has been taken away or closed to us since is none.
{{ config(materialized='view') }}
with answers as (

    select * from {{ ref('stg_enrichment_results') }}
    where
        provider = 'website'
        and payload is not null
        and lower(status) in (select status from {{ ref('final_answers') }})

),

aliases as (

    select * from {{ ref('account_aliases') }}

),

{% set texts = [
    'url', 'final_url', 'page_kind', 'language', 'title', 'text', 'assets', 'scripts', 'markup',
    'headers', 'emails', 'phones', 'linked_phones', 'whatsapp', 'links',
] %}
pages as (

    select
        aliases.account_id,
        answers.result_id,
        lower(answers.status) as status,
        {% for name in texts %}
        {{ json_key('answers.payload', "'" ~ name ~ "'") }} as {{ name }},
        {% endfor %}
        cast({{ json_key('answers.payload', "'arabic_letters'") }} as integer) as arabic_letters,
        cast({{ json_key('answers.payload', "'latin_letters'") }} as integer) as latin_letters,
        answers.fetched_at,
        answers.expires_at
    from answers
    inner join aliases
        on answers.subject = aliases.alias_id

),

latest as (

    select
        *,
        row_number() over (
            partition by account_id, url
            order by fetched_at desc, result_id
        ) as age_rank
    from pages

),

final as (

    select
        result_id,
        account_id,
        {% for name in texts %}
        {{ name }},
        {% endfor %}
        arabic_letters,
        latin_letters,
        fetched_at,
        expires_at
    from latest
    where age_rank = 1 and status = 'ok'

)

select * from final
