-- One row per distinct local part of a valid email address: whether it is a role (info, sales) or may be a person.
with local_parts as (

    select distinct local_part
    from {{ ref('stg_parsed_emails') }}
    where is_valid and local_part is not null

),

-- What follows a plus is a label; digits number the mailboxes of one role.
worded as (

    select
        local_part,
        {{ split_text(
            "trim(" ~ replace_pattern(fold("split_part(local_part, '+', 1)"), '[^\\p{L}]+', ' ') ~ ")", ' '
        ) }} as words
    from local_parts

),

words as (

    select
        worded.local_part,
        each_word.item as word
    from worded
    {{ each_item('worded.words', 'each_word') }}

),

final as (

    select
        words.local_part,
        -- Every word has to be known: sales.ahmed may be Ahmed.
        count(*) = count(role_words.word) and coalesce(bool_or(role_words.is_role), false) as is_role
    from words
    left join {{ ref('role_local_parts') }} as role_words
        on words.word = role_words.word
    group by words.local_part

)

select * from final
