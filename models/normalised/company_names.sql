-- One row per distinct company name as written: the key under which spellings of one name meet, its
-- legal form, and the branch or city that it is written with.
{{ config(materialized='incremental', incremental_strategy='append') }}
with names as (

    select
        names.company_name,
        coalesce(name_parts.name_text, names.company_name) as name_text,
        name_parts.branch_name,
        coalesce(name_parts.has_branch_at_end, false) as has_branch_at_end
    from {{ ref('distinct_names') }} as names
    left join {{ ref('name_parts') }} as name_parts
        on names.company_name = name_parts.company_name
    {% if is_incremental_build() %}
    where names.company_name not in (select built.company_name from {{ this }} as built)
    {% endif %}

),

spoken as (

    select
        company_name,
        branch_name,
        has_branch_at_end,
        {{ spoken_name('name_text') }} as spoken
    from names

),

keyed as (

    select
        company_name,
        branch_name,
        has_branch_at_end,
        {{ word_key('spoken') }} as key_text
    from spoken

),

split as (

    select
        company_name,
        branch_name,
        has_branch_at_end,
        {{ words_of_name('key_text') }} as words
    from keyed

),

worded as (

    select
        company_name,
        branch_name,
        has_branch_at_end,
        words,
        {{ array_text('words', ' ') }} as words_text
    from split

),

seed_texts as (

    select 'legal_form' as kind, word from {{ ref('legal_forms') }}
    union
    select kind, word from {{ ref('name_places') }}
    union
    select 'sector' as kind, synonym as word from {{ ref('sector_synonyms') }}

),

seed_words as (

    select * from {{ seed_words('seed_texts', 'word', ['kind', 'word']) }} as named_words

),

seed_phrases as (

    select
        kind,
        word,
        {{ array_text('words', ' ') }} as phrase
    from seed_words

),

-- Several words may make one form: limited liability company, ذات مسؤولية محدودة.
legal_forms as (

    select
        seed_phrases.phrase,
        min(forms.legal_form) as legal_form,
        min(forms.precedence) as precedence,
        bool_or(forms.is_sole_establishment) as is_sole_establishment
    from {{ ref('legal_forms') }} as forms
    inner join seed_phrases
        on forms.word = seed_phrases.word
    where seed_phrases.kind = 'legal_form'
    group by seed_phrases.phrase

),

legal_phrases as (

    select
        *,
        split_part(phrase, ' ', 1) as first_word,
        position(' ' in phrase) > 0 as has_more_words
    from legal_forms

),

legal_words as (

    select array_agg(distinct word.item) as words
    from legal_phrases
    {{ each_item(split_text('legal_phrases.phrase', ' '), 'word') }}

),

-- What stands between the words of a legal form does not matter to it: a few hundred outlines are
-- looked up instead of a million names.
outlined {{ computed_once() }} (

    select
        worded.*,
        {{ array_text(array_map(
            'worded.words', "case when array_contains(legal_words.words, item) then item else '|' end"
        ), ' ') }} as outline
    from worded
    cross join legal_words

),

outlines as (

    select distinct outline from outlined

),

found_phrases as (

    select
        outlines.outline,
        phrases.phrase,
        phrases.has_more_words,
        phrases.legal_form,
        phrases.precedence,
        phrases.is_sole_establishment
    from outlines
    {{ each_item(split_text('outlines.outline', ' '), 'word') }}
    inner join legal_phrases as phrases
        on word.item = phrases.first_word
    where
        not phrases.has_more_words
        or position(' ' || phrases.phrase || ' ' in ' ' || outlines.outline || ' ') > 0

),

-- Of `saudi joint stock company` only the whole goes: the Saudi of Saudi Cement stays.
whole_phrases as (

    select distinct
        phrases.outline,
        phrases.phrase
    from found_phrases as phrases
    left join found_phrases as longer
        on
            phrases.outline = longer.outline
            and phrases.phrase <> longer.phrase
            and position(' ' || phrases.phrase || ' ' in ' ' || longer.phrase || ' ') > 0
    where phrases.has_more_words and longer.phrase is null

),

outline_phrases as (

    select
        outline,
        {{ text_agg('phrase', '|', 'phrase') }} as phrases
    from whole_phrases
    group by outline

),

found_forms as (

    select
        found_phrases.outline,
        min(outline_phrases.phrases) as phrases,
        coalesce(
            array_agg(distinct found_phrases.phrase) filter (where not found_phrases.has_more_words), []
        ) as legal_words,
        min_by(found_phrases.legal_form, found_phrases.precedence) as legal_form,
        bool_or(found_phrases.is_sole_establishment)
        and not bool_or(found_phrases.legal_form in ('public_body', 'free_zone'))
            as is_sole_establishment
    from found_phrases
    left join outline_phrases
        on found_phrases.outline = outline_phrases.outline
    group by found_phrases.outline

),

{%- set without_phrases = namespace(text="' ' || outlined.words_text || ' '") %}
{%- for number in range(1, 4) %}
{%- set without_phrases.text = "replace(" ~ without_phrases.text
    ~ ", ' ' || coalesce(nullif(split_part(found_forms.phrases, '|', " ~ number ~ "), ''), '|') || ' ', ' ')" %}
{%- endfor %}

without_forms as (

    select
        outlined.company_name,
        outlined.branch_name,
        outlined.has_branch_at_end,
        found_forms.legal_form,
        outlined.words_text,
        coalesce(found_forms.is_sole_establishment, false) as is_sole_establishment,
        case
            when found_forms.legal_words is null then outlined.words_text
            when found_forms.phrases is null then {{ array_text(array_where(
                'outlined.words', 'not array_contains(found_forms.legal_words, item)'
            ), ' ') }}
            else {{ array_text(array_where(
                split_text("trim(" ~ without_phrases.text ~ ")", ' '),
                'not array_contains(found_forms.legal_words, item)'
            ), ' ') }}
        end as name_text
    from outlined
    left join found_forms
        on outlined.outline = found_forms.outline

),

-- `Alpha Clinic Riyadh` is Alpha Clinic, but Bank of Riyadh and بنك الرياض keep their city.
place_words as (

    select
        phrase as words,
        min(kind) as kind
    from seed_phrases
    where kind in ('city', 'branch')
    group by phrase

),

places as (

    select
        *,
        {{ array_from_end(split_text('words', ' '), 1) }} as last_word
    from place_words

),

last_words as (

    select
        company_name,
        has_branch_at_end,
        name_text,
        {{ array_from_end(split_text('name_text', ' '), 1) }} as last_word
    from without_forms

),

ending_in_place as (

    select
        names.company_name,
        names.has_branch_at_end,
        places.words as place_words,
        substr(names.name_text, 1, length(names.name_text) - length(places.words) - 1) as rest
    from last_words as names
    inner join places
        on names.last_word = places.last_word
    where
        (names.has_branch_at_end or places.kind = 'city')
        and right(names.name_text, length(places.words) + 1) = ' ' || places.words

),

common_words as (

    select distinct word.item as word
    from seed_words
    {{ each_item('seed_words.words', 'word') }}
    where seed_words.kind = 'sector'

),

keeping_words as (

    select phrase as word
    from seed_phrases
    where kind = 'keeps_place'

),

place_rests as (

    select
        places.company_name,
        places.place_words,
        min(places.rest) as rest
    from ending_in_place as places
    {{ each_item(split_text('places.rest', ' '), 'word') }}
    left join common_words
        on word.item = common_words.word
    where places.rest <> ''
    group by places.company_name, places.place_words
    having
        count(*) - count(common_words.word) > 0
        and (bool_or(places.has_branch_at_end) or count(*) > 1)

),

cut_names as (

    select
        place_rests.company_name,
        min_by(place_rests.rest, length(place_rests.rest)) as rest,
        max_by(place_rests.place_words, length(place_rests.place_words)) as place_words
    from place_rests
    left join keeping_words
        on {{ array_from_end(split_text('place_rests.rest', ' '), 1) }} = keeping_words.word
    where keeping_words.word is null
    group by place_rests.company_name

),

keys as (

    select
        names.company_name,
        -- A name made of legal words only keeps them: an empty key would make all such companies
        -- one.
        coalesce(
            nullif(cut_names.rest, ''),
            nullif(names.name_text, ''),
            nullif(names.words_text, '')
        ) as normalized_name,
        names.legal_form,
        nullif(concat_ws(' ', cut_names.place_words, names.branch_name), '') as branch_name,
        names.is_sole_establishment,
        names.name_text = '' as has_legal_words_only
    from without_forms as names
    left join cut_names
        on names.company_name = cut_names.company_name

),

-- `The Coffee Shop` is Coffee Shop, and `Smith & Co` without its form is Smith.
final as (

    select
        company_name,
        case
            when normalized_name like 'the %' or normalized_name like '% and'
                then {{ replace_pattern('normalized_name', '^the | and$', '') }}
            else normalized_name
        end as normalized_name,
        legal_form,
        branch_name,
        is_sole_establishment,
        has_legal_words_only
    from keys

)

select * from final
