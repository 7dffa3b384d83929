-- One row per field and distinct text of a city, region, country or sector column: the code it
-- stands for, if known.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['field', 'value_text'],
) }}
{% set fields = ['city', 'region', 'country', 'sector', 'subsector'] %}
with texts as (

    {% for field in fields %}
    select
        '{{ field }}' as field,
        {{ field }} as value_text,
        count(*) as row_count
    from {{ ref('lead_row_fields') }}
    where {{ field }} is not null and {{ only_new_imports() }}
    group by {{ field }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

synonym_words as (

    select 'city' as field, {{ word_key('synonym') }} as words, city as code
    from {{ ref('city_synonyms') }}
    union all
    select 'region' as field, {{ word_key('synonym') }} as words, region_code as code
    from {{ ref('region_synonyms') }}
    union all
    select 'country' as field, {{ word_key('synonym') }} as words, country as code
    from {{ ref('country_synonyms') }}
    union all
    select 'sector' as field, {{ word_key('synonym') }} as words, sector as code
    from {{ ref('sector_synonyms') }}
    union all
    select 'subsector' as field, {{ word_key('synonym') }} as words, sector as code
    from {{ ref('sector_synonyms') }}

),

synonyms as (

    select
        field,
        {{ synonym_key('field', 'words') }} as match_key,
        min(code) as code
    from synonym_words
    group by all

),

-- `Riyadh, Saudi Arabia` and `الرياض - حي العليا`: what stands before and after a separator, and in
-- each script (`Riyadh الرياض`). Of a map's tags the value says it (`office=estate_agent`), or the
-- key when it is `yes`.
separated as (

    select
        field,
        value_text,
        {{ split_text("translate(script_text, '،;/|()>-–—\n', ',,,,,,,,,,,')", ',') }} as parts
    from (
        select
            field,
            value_text,
            case
                when
                    {{ matches_pattern('value_text', '[A-Za-z]') }}
                    and {{ matches_pattern('value_text', '[ء-ي]') }}
                    then {{ replace_pattern('value_text', '[ء-ي]+', ' ') }}
                    || ',' || {{ replace_pattern('value_text', '[A-Za-z]+', ' ') }}
                else value_text
            end as script_text
        from texts
    ) as script_texts

),

part_texts as (

    select
        field,
        value_text,
        0 as part_rank,
        value_text as part_text
    from texts

    union all

    select
        separated.field,
        separated.value_text,
        array_position(separated.parts, part.item) as part_rank,
        part.item as part_text
    from separated
    {{ each_item('separated.parts', 'part') }}

),

part_words as (

    select
        field,
        value_text,
        part_rank,
        {{ word_key(compatible_text('part_text')) }} as words
    from (
        select
            field,
            value_text,
            part_rank,
            case
                when position('=' in part_text) = 0 then part_text
                when lower(trim(split_part(part_text, '=', 2))) = 'yes'
                    then split_part(part_text, '=', 1)
                else split_part(part_text, '=', 2)
            end as part_text
        from part_texts
    ) as valued_parts

),

parts as (

    select
        *,
        {{ synonym_key('field', 'words') }} as match_key
    from part_words
    where words <> ''

),

countries as (

    select
        words,
        code,
        split_part(words, ' ', 1) as first_word
    from synonym_words
    where field = 'country' and length(words) > 2

),

-- `RIYADH 12345`, `Jeddah Saudi Arabia`, `محافظة جدة`: a city and what says nothing else.
city_words as (

    select
        value_text,
        part_rank,
        ' ' || replace(words, ' ', '  ') || ' ' as words
    from parts
    where field = 'city'

),

named_countries as (

    select
        parts.value_text,
        parts.part_rank,
        countries.code,
        countries.words
    from parts
    {{ each_item(split_text('parts.words', ' '), 'word') }}
    inner join countries
        on word.item = countries.first_word
    where
        parts.field = 'city'
        and position(' ' || countries.words || ' ' in ' ' || parts.words || ' ') > 0

),

longest_countries as (

    select
        value_text,
        part_rank,
        max_by(words, length(words)) as words
    from named_countries
    group by value_text, part_rank

),

bare_words as (

    select
        city_words.value_text,
        city_words.part_rank,
        trim({{ replace_pattern(
            "replace(city_words.words, ' ' || coalesce(replace(countries.words, ' ', '  '), '-') || ' ', '')",
            ' (city|town|of|governorate|مدينه|محافظه|[0-9]+) ', ''
        ) }}) as words
    from city_words
    left join longest_countries as countries
        on
            city_words.value_text = countries.value_text
            and city_words.part_rank = countries.part_rank

),

-- `الرياض حي العليا`, `حي العليا الرياض`, `Olaya District Riyadh`, `Tahlia Street Jeddah`.
district_words as (

    select
        value_text,
        part_rank,
        words,
        case
            when {{ matches_pattern('words', '. +(حي|شارع|طريق) ') }}
                then trim({{ replace_pattern('words', ' +(حي|شارع|طريق) .*', '') }})
            when {{ matches_pattern('words', ' (district|dist|street|st|road|rd) +.') }}
                then trim({{ replace_pattern('words', '.* (district|dist|street|st|road|rd) +', '') }})
            when {{ matches_pattern('words', '^حي +[^ ]+ +.') }}
                then trim({{ replace_pattern('words', '^حي +[^ ]+ +', '') }})
            else words
        end as city_words
    from bare_words

),

bare_parts as (

    select
        'city' as field,
        value_text,
        part_rank,
        words,
        {{ synonym_key("'city'", 'city_words') }} as match_key
    from district_words
    where city_words <> ''

),

found_parts as (

    select
        parts.field,
        parts.value_text,
        parts.part_rank,
        parts.match_key,
        synonyms.code
    from parts
    inner join synonyms
        on
            parts.field = synonyms.field
            and parts.match_key = synonyms.match_key

    union

    select
        bare_parts.field,
        bare_parts.value_text,
        bare_parts.part_rank,
        bare_parts.match_key,
        synonyms.code
    from bare_parts
    inner join synonyms
        on
            bare_parts.field = synonyms.field
            and bare_parts.match_key = synonyms.match_key

),

whole_found as (

    select
        field,
        value_text,
        min(code) as code
    from found_parts
    where part_rank = 0
    group by field, value_text

),

-- A sector's first part is its main one. Of places every part has to say the same.
candidate_parts as (

    select
        found_parts.*,
        cities.region_code,
        cities.country,
        cities.governorate
    from found_parts
    left join whole_found
        on
            found_parts.field = whole_found.field
            and found_parts.value_text = whole_found.value_text
    left join {{ ref('cities') }} as cities
        on
            found_parts.field = 'city'
            and found_parts.code = cities.city
    where found_parts.part_rank = 0 or whole_found.code is null

),

-- `Taif, Makkah` is Taif in the region of Makkah, `Salmiya, Kuwait` Salmiya in that country, and
-- `Hofuf, Al Ahsa` Hofuf in that governorate.
wider_places as (

    select
        parts.field,
        parts.value_text,
        parts.code
    from candidate_parts as parts
    inner join candidate_parts as narrower
        on
            parts.value_text = narrower.value_text
            and narrower.field = 'city'
            and parts.code = narrower.governorate
    where parts.field = 'city'

    union

    select
        parts.field,
        parts.value_text,
        parts.code
    from candidate_parts as parts
    inner join synonyms
        on
            synonyms.field in ('region', 'country')
            and parts.match_key = synonyms.match_key
    inner join candidate_parts as narrower
        on
            parts.value_text = narrower.value_text
            and narrower.field = 'city'
            and synonyms.code in (narrower.region_code, narrower.country)
    where parts.field = 'city' and parts.code <> narrower.code

),

-- Alexandria, USA is not the one that we know.
other_countries as (

    select distinct
        named.value_text,
        parts.code
    from named_countries as named
    inner join candidate_parts as parts
        on
            named.value_text = parts.value_text
            and parts.field = 'city'
    where named.code <> parts.country

),

found as (

    select
        parts.field,
        parts.value_text,
        min_by(parts.code, parts.part_rank) as code
    from candidate_parts as parts
    left join wider_places
        on
            parts.field = wider_places.field
            and parts.value_text = wider_places.value_text
            and parts.code = wider_places.code
    left join other_countries
        on
            parts.field = 'city'
            and parts.value_text = other_countries.value_text
            and parts.code = other_countries.code
    where wider_places.code is null and other_countries.code is null
    group by parts.field, parts.value_text
    having parts.field in ('sector', 'subsector') or count(distinct parts.code) = 1

),

placeholders as (

    {% for field in fields %}
    select
        '{{ field }}' as field,
        {{ word_key('placeholder') }} as words
    from {{ ref('placeholders') }}
    where field in ('any', '{{ field }}')
    {% if not loop.last %}
    union
    {% endif %}
    {% endfor %}

),

final as (

    select
        texts.field,
        texts.value_text,
        found.code,
        {% if is_incremental_build() %}
        coalesce(known.row_count, 0) + texts.row_count as row_count,
        {% else %}
        texts.row_count,
        {% endif %}
        found.code is null
        and (
            placeholders.words is not null
            or {{ word_key('texts.value_text') }} = ''
            or {{ is_spreadsheet_error('texts.value_text') }}
        ) as is_placeholder
    from texts
    left join found
        on
            texts.field = found.field
            and texts.value_text = found.value_text
    left join placeholders
        on
            texts.field = placeholders.field
            and {{ word_key('texts.value_text') }} = placeholders.words
    {% if is_incremental_build() %}
    left join {{ this }} as known
        on
            texts.field = known.field
            and texts.value_text = known.value_text
    {% endif %}

)

select * from final
