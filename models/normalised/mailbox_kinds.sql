-- One row per distinct local part of a valid email address: whether it is a role (info, sales) or
-- may be a person.
{{ config(materialized='incremental', incremental_strategy='append') }}
with local_parts as (

    select distinct
        local_part,
        -- What follows a plus is a label; digits number the mailboxes of one role.
        trim({{ replace_pattern(fold("split_part(local_part, '+', 1)"), '[^\\p{L}]+', ' ') }})
            as words
    from {{ ref('stg_parsed_emails') }}
    where
        is_valid
        and local_part is not null
        {% if is_incremental_build() %}
        and local_part not in (select known.local_part from {{ this }} as known)
        {% endif %}

),

role_words as (

    select * from {{ ref('role_local_parts') }}

),

every_word as (

    select
        local_parts.local_part,
        local_parts.words,
        each_word.item as word
    from local_parts
    {{ each_item(split_text('local_parts.words', ' '), 'each_word') }}

),

-- Every word has to be known: sales.ahmed may be Ahmed.
known as (

    select
        every_word.local_part,
        every_word.words,
        count(*) = count(role_words.word)
        and coalesce(bool_or(role_words.is_role), false) as is_role
    from every_word
    left join role_words
        on every_word.word = role_words.word
    group by every_word.local_part, every_word.words

),

final as (

    select
        known.local_part,
        -- no-reply is noreply.
        known.is_role or coalesce(role_words.is_role, false) as is_role
    from known
    left join role_words
        on replace(known.words, ' ', '') = role_words.word

)

select * from final
