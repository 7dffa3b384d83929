-- One row per distinct names of a record (in one script or both) and each of the names: its words
-- and what else it is compared by.
{{ config(materialized='incremental', incremental_strategy='append') }}
{%- set most_trades = 6 %}
{%- set joined_before = "'ل', 'لل', 'و', 'ول', 'ولل'" %}
{%- set optional = "item not in ('group', 'holding', 'industry', 'saudi', 'province')" %}
with records as (

    select
        names_key,
        normalized_name,
        other_name
    from {{ ref('accepted_rows') }}
    where {{ only_new_names() }}

),

names as (

    select distinct
        names_key,
        normalized_name as name
    from records

    union

    select distinct
        names_key,
        other_name as name
    from records
    where other_name is not null

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

    select
        word,
        count(distinct sector) as sector_count
    from trade_spellings
    group by word
    having count(*) >= 3 or bool_or(is_whole)

),

-- A word of many trades (center, services, and) tells none of them.
trade_words as (

    select
        trade_spellings.word,
        trade_spellings.sector,
        usual_words.sector_count <= {{ most_trades }} as tells_trade
    from trade_spellings
    inner join usual_words
        on trade_spellings.word = usual_words.word

),

-- Of a city of several words (Mubarak Al Kabeer) each word alone may be anybody's name.
cities as (

    select
        {{ array_text('cities.words', '') }} as word,
        min(cities.city) as city
    from {{ seed_words(ref('city_synonyms'), 'synonym', ['synonym', 'city']) }} as cities
    where {{ array_size('cities.words') }} = 1
    group by 1

),

common_words as (

    select word from trade_words
    union
    select {{ array_text('generic.words', '') }} as word
    from {{ seed_words(ref('generic_name_words'), 'word') }} as generic
    union
    -- Hail Cement and Tabuk Cement are told apart by the city, which is no word of their own either.
    select {{ array_text('keeping.words', '') }} as word
    from {{ seed_words(ref('name_places'), 'word', ['kind', 'word']) }} as keeping
    where keeping.kind = 'keeps_place'
    union
    select word from cities

),

-- What the other script does not spell but translates.
translated_words as (

    select
        prefixes.item || {{ array_text('translated.words', '') }} as word,
        min(translated.meaning) as meaning
    from {{ seed_words(ref('translated_name_words'), 'word', ['word', 'meaning']) }} as translated
    {{ each_item("['', 'al', " ~ joined_before ~ "]", 'prefixes') }}
    group by 1

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
        translated_words.word is not null as is_translated,
        {{ sounds('spelled.sound_letters') }} as sounds,
        {{ sounds('spelled.other_letters') }} as other_sounds
    from (
        select
            heard.word,
            case
                when heard.word like 'al%' and length(heard.word) > 4 then substr(heard.word, 3)
                else heard.word
            end as own_word,
            {{ sound_letters('heard.heard_text') }} as sound_letters,
            {{ sound_letters('heard.other_text') }} as other_letters
        from (
            select
                read_words.word,
                {{ heard_text('read_words.word') }} as heard_text,
                {{ heard_text('read_words.other_spelling') }} as other_text
            from (
                select
                    word,
                    {{ other_spelling('word') }} as other_spelling
                from (select distinct word from name_words) as distinct_words
            ) as read_words
        ) as heard
    ) as spelled
    left join common_words
        on spelled.word = common_words.word
    left join translated_words
        on spelled.word = translated_words.word

),

-- Sorted arrays and not ordered aggregates, which are many times slower over many small groups.
significant as (

    select
        name_words.name,
        {{ array_sorted('array_agg(words.own_word)') }} as words,
        {{ array_text(array_sorted('array_agg(words.letters)'), '') }} as letters,
        {{ array_sorted('array_agg(words.consonants) filter (where not words.is_translated)') }}
            as consonant_words
    from name_words
    inner join words
        on name_words.word = words.word
    where not words.is_common
    group by name_words.name

),

-- What a name is told by in the other script. للبلاط (for tiles) is what a company does; there it is
-- translated.
spoken as (

    select
        name_words.name,
        {{ array_sorted('array_agg(words.sounds)') }} as sounds,
        {{ array_sorted('array_agg(' ~ replace_pattern('words.sounds', '[wy]', '') ~ ')') }} as stems,
        {{ array_sorted('array_agg(' ~ replace_pattern('words.other_sounds', '[wy]', '')
            ~ ') filter (where words.other_sounds is not null)') }} as other_stems
    from name_words
    inner join words
        on name_words.word = words.word
    where
        not words.is_common
        and not words.is_translated
        and words.sounds <> ''
        and words.word not like 'لل__%'
    group by name_words.name

),

-- Of Tabuk Cement and أسمنت تبوك the city and the trade are all there is.
all_meanings as (

    select
        name_words.name,
        {{ array_sorted('array_agg(distinct coalesce(translated_words.meaning, cities.city))') }} as meanings
    from name_words
    left join spoken
        on name_words.name = spoken.name
    left join cities
        on name_words.word = cities.word
    left join translated_words
        on name_words.word = translated_words.word
    where
        spoken.name is null
        and coalesce(translated_words.meaning, cities.city) is not null
    group by name_words.name

),

-- Which only one of the two scripts may say: National Industries Group, الصناعات الوطنية.
meanings as (

    select
        name,
        case
            when {{ array_size(array_where('meanings', optional)) }} >= 2
                then {{ array_where('meanings', optional) }}
            else meanings
        end as meanings
    from all_meanings

),

-- Arabic writes `for` and `and` as one with the word: للتدريب, والتدريب.
written_trades as (

    select distinct
        prefixes.item || trade_words.word as word,
        trade_words.sector,
        trade_words.tells_trade
    from trade_words
    {{ each_item("['', " ~ joined_before ~ "]", 'prefixes') }}

),

sectors as (

    select
        name_words.name,
        {{ array_sorted(
            "coalesce(array_agg(distinct written_trades.sector) filter (where written_trades.tells_trade), "
            ~ "array_agg(distinct written_trades.sector))"
        ) }} as sectors
    from name_words
    inner join written_trades
        on name_words.word = written_trades.word
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
        spoken.other_stems,
        {{ ascii_letters('names.name') }} as all_letters,
        {{ array_text(array_map('worded.words', 'substr(item, 1, 1)'), '') }} as initials,
        sectors.sectors,
        meanings.meanings,
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
    left join meanings
        on names.name = meanings.name

)

select * from final
