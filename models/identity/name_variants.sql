-- One row per distinct names of a record (in one script or both) and each of the names: its words
-- and what else it is compared by.
{{ config(materialized='incremental', incremental_strategy='append') }}
with names as (

    select distinct
        names_key,
        normalized_name as name
    from {{ ref('accepted_rows') }}
    where {{ only_new_names() }}

    union

    select distinct
        names_key,
        other_name as name
    from {{ ref('accepted_rows') }}
    where other_name is not null and {{ only_new_names() }}

),

-- Words that unlike companies share: of trades, places, or any company, and numbers (of branches).
-- Some name a trade.
-- A code of a map (social_facility, amenity=cafe) is no way to write a trade, and a word in one or two
-- spellings of several words (Social Media Agency) may be anybody's name.
trade_spellings as (

    select
        synonyms.sector,
        found.item as word,
        {{ array_size('synonyms.words') }} = 1 as is_whole
    from {{ seed_words(ref('sector_synonyms'), 'synonym', ['sector', 'synonym']) }} as synonyms
    {{ each_item('synonyms.words', 'found') }}
    where not {{ matches_pattern('synonyms.synonym', '[=_]') }}

),

usual_words as (

    select word
    from trade_spellings
    group by word
    having count(*) >= 3 or bool_or(is_whole)

),

trade_words as (

    select
        trade_spellings.word,
        trade_spellings.sector
    from trade_spellings
    inner join usual_words
        on trade_spellings.word = usual_words.word

),

common_words as (

    select word from trade_words
    union
    select {{ array_text('generic.words', '') }} as word
    from {{ seed_words(ref('generic_name_words'), 'word') }} as generic
    union
    -- Of a city of several words (Mubarak Al Kabeer) each word alone may be anybody's name.
    select {{ array_text('cities.words', '') }} as word
    from {{ seed_words(ref('city_synonyms'), 'synonym') }} as cities
    where {{ array_size('cities.words') }} = 1

),

worded as (

    select
        distinct_names.name,
        {{ split_text('distinct_names.name', ' ') }} as words
    from (select distinct name from names) as distinct_names

),

name_words as (

    select distinct
        worded.name,
        found.item as word
    from worded
    {{ each_item('worded.words', 'found') }}

),

-- `Al Nahdi` is `Nahdi`: a Latin article counts in a name's key, where it may be a part of a word,
-- but not in what names are compared by.
words as (

    select
        spelled.word,
        spelled.own_word,
        common_words.word is not null
        or {{ matches_pattern('spelled.word', '^[0-9]+$') }} as is_common,
        {{ ascii_letters('spelled.word') }} as letters,
        {{ consonants('spelled.word') }} as consonants,
        {{ sounds('spelled.sound_letters') }} as sounds
    from (
        select
            heard.word,
            case
                when heard.word like 'al%' and length(heard.word) > 5 then substr(heard.word, 3)
                else heard.word
            end as own_word,
            {{ sound_letters('heard.heard_text') }} as sound_letters
        from (
            select
                word,
                {{ heard_text('word') }} as heard_text
            from (select distinct word from name_words) as distinct_words
        ) as heard
    ) as spelled
    left join common_words
        on spelled.word = common_words.word

),

-- Sorted arrays and not ordered aggregates, which are many times slower over many small groups.
significant as (

    select
        name_words.name,
        {{ array_sorted('array_agg(words.own_word)') }} as words,
        {{ array_text(array_sorted('array_agg(words.letters)'), '') }} as letters,
        {{ array_sorted('array_agg(words.consonants)') }} as consonant_words
    from name_words
    inner join words
        on name_words.word = words.word
    where not words.is_common
    group by name_words.name

),

-- What a name is told by in the other script. للحديد (for iron) is what a company does; there it is
-- translated.
spoken as (

    select
        name_words.name,
        {{ array_sorted('array_agg(words.sounds)') }} as sounds,
        {{ array_sorted('array_agg(' ~ replace_pattern('words.sounds', '[wy]', '') ~ ')') }} as stems
    from name_words
    inner join words
        on name_words.word = words.word
    where not words.is_common and words.sounds <> '' and words.word not like 'لل__%'
    group by name_words.name

),

sectors as (

    select
        name_words.name,
        {{ array_sorted('array_agg(distinct trade_words.sector)') }} as sectors
    from name_words
    inner join trade_words
        on name_words.word = trade_words.word
    group by name_words.name

),

final as (

    select
        names.names_key,
        names.name,
        worded.words,
        significant.words as own_words,
        significant.letters as own_letters,
        {{ array_text('significant.consonant_words', '') }} as own_consonants,
        {{ array_text('spoken.sounds', '') }} as own_sounds,
        spoken.stems as own_stems,
        {{ ascii_letters('names.name') }} as all_letters,
        {{ array_text(array_map('worded.words', 'substr(item, 1, 1)'), '') }} as initials,
        sectors.sectors,
        {{ matches_pattern('names.name', '[ء-ي]') }} as is_arabic
    from names
    inner join worded
        on names.name = worded.name
    left join significant
        on names.name = significant.name
    left join spoken
        on names.name = spoken.name
    left join sectors
        on names.name = sectors.name

)

select * from final
