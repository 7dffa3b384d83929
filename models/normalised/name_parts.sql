-- One row per distinct company name that is written in parts or names a branch: the name without
-- what only tells where it is, and the branch.
{{ config(materialized='incremental', incremental_strategy='append') }}
with names as (

    select company_name
    from {{ ref('distinct_names') }}
    where {{ matches_pattern(
        'company_name',
        ' [-–—]|[-–—] |[|()\\[\\]/,،;؛:•#]|فرع|فروع|(?i:\\bbr(anch|anches)?\\b)'
    ) }}
    {% if is_incremental_build() %}
    and company_name not in (select built.company_name from {{ this }} as built)
    {% endif %}

),

places as (

    select {{ word_key('synonym') }} as words from {{ ref('city_synonyms') }}
    union
    select {{ word_key('synonym') }} as words from {{ ref('region_synonyms') }}
    union
    -- A code of two letters may be anybody's word (IT, IN).
    select {{ word_key('synonym') }} as words from {{ ref('country_synonyms') }}
    where length(synonym) > 2
    union
    select {{ word_key('word') }} as words from {{ ref('name_places') }} where kind <> 'keeps_place'

),

legal_words as (

    select distinct {{ word_key('word') }} as word from {{ ref('legal_forms') }}

),

-- A mall that stands after the name (`H&M - Red Sea Mall`).
venues as (

    select {{ word_key('word') }} as word from {{ ref('name_places') }} where kind = 'venue'

),

split as (

    select
        company_name,
        {{ split_text(
            "translate(replace(replace(replace(company_name, ' -', '|'), '- ', '|'), '|-', '|'), "
            ~ "'–—()[]/,،;؛:•#', '||||||||||||||')",
            '|'
        ) }} as segments
    from names

),

spoken as (

    select
        split.company_name,
        array_position(split.segments, segment.item) as position,
        trim(segment.item) as segment,
        {{ spoken_name('segment.item') }} as spoken
    from split
    {{ each_item('split.segments', 'segment') }}

),

segments as (

    select
        company_name,
        position,
        segment,
        -- One word for a branch, which its place stands before or after.
        replace(replace(replace(replace(
            ' ' || {{ word_key('spoken') }} || ' ',
            ' br ', ' branch '), ' فرع ', ' branch '), ' الفرع ', ' branch '), ' فروع ', ' branch ')
            as words
    from spoken

),

marked as (

    select
        company_name,
        position,
        segment,
        trim(words) as words,
        position(' branch ' in words) > 0 as has_branch,
        trim(split_part(words, ' branch ', 1)) as before_branch,
        trim(substr(words, position(' branch ' in words) + 8)) as after_branch
    from segments
    where trim(words) <> ''

),

judged as (

    select
        marked.*,
        -- `Branch of X` and `فرع شركة س` are the company X.
        marked.has_branch
        and marked.before_branch = ''
        and (marked.after_branch like 'of %' or legal_words.word is not null) as is_branch_of,
        case when marked.has_branch then before_places.words else whole_places.words end
            is not null
        -- `Taj Cafe #3`, `... -6#`: the number of a branch.
        or (
            marked.position > 1
            and position('#' in marked.company_name) > 0
            and {{ matches_pattern('marked.words', '^[0-9]+$') }}
        )
        or (
            marked.position > 1
            and coalesce(first_venues.word, last_venues.word) is not null
        ) as is_place
    from marked
    left join places as whole_places
        on marked.words = whole_places.words
    left join places as before_places
        on marked.before_branch = before_places.words
    left join venues as first_venues
        on split_part(marked.words, ' ', 1) = first_venues.word
    left join venues as last_venues
        on {{ array_from_end(split_text('marked.words', ' '), 1) }} = last_venues.word
    left join legal_words
        on split_part(marked.after_branch, ' ', 1) = legal_words.word

),

parts as (

    select
        company_name,
        position,
        case
            when is_branch_of and after_branch like 'of %' then substr(after_branch, 4)
            when is_branch_of then after_branch
            when has_branch and not is_place and before_branch <> '' and position = 1
                then before_branch
            when not has_branch and not is_place then segment
        end as name_part,
        case
            when is_branch_of then null
            when has_branch and not is_place and before_branch <> '' and position = 1
                then nullif(after_branch, '')
            when has_branch then trim(replace(' ' || words || ' ', ' branch ', ' '))
            when is_place then words
        end as branch_part,
        has_branch and before_branch <> '' and not is_branch_of as is_branch_at_end
    from judged

),

final as (

    select
        company_name,
        {{ text_agg('name_part', ' ', 'position') }} as name_text,
        nullif({{ text_agg('branch_part', ' ', 'position') }}, '') as branch_name,
        bool_or(is_branch_at_end and position = 1) as has_branch_at_end
    from parts
    group by company_name
    having count(name_part) > 0

)

select * from final
