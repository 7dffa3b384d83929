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

synonyms as (

    select 'city' as field, {{ word_key('synonym') }} as words, min(city) as code
    from {{ ref('city_synonyms') }} group by 2
    union all
    select 'region' as field, {{ word_key('synonym') }} as words, min(region_code) as code
    from {{ ref('region_synonyms') }} group by 2
    union all
    select 'country' as field, {{ word_key('synonym') }} as words, min(country) as code
    from {{ ref('country_synonyms') }} group by 2
    union all
    select 'sector' as field, {{ word_key('synonym') }} as words, min(sector) as code
    from {{ ref('sector_synonyms') }} group by 2
    union all
    select 'subsector' as field, {{ word_key('synonym') }} as words, min(sector) as code
    from {{ ref('sector_synonyms') }} group by 2

),

-- `Riyadh, Saudi Arabia` and `الرياض - Riyadh`: the whole text first, then what stands before and
-- after a separator.
separated as (

    select
        field,
        value_text,
        row_count,
        {{ split_text("translate(value_text, '،;/|()>-–—', ',,,,,,,,,,')", ',') }} as parts
    from texts

),

candidates as (

    select
        field,
        value_text,
        0 as candidate_rank,
        {{ word_key('value_text') }} as words
    from texts

    union all

    select
        separated.field,
        separated.value_text,
        array_position(separated.parts, part.item) as candidate_rank,
        {{ word_key('part.item') }} as words
    from separated
    {{ each_item('separated.parts', 'part') }}

),

found as (

    select
        candidates.field,
        candidates.value_text,
        min_by(synonyms.code, candidates.candidate_rank) as code
    from candidates
    inner join synonyms
        on
            candidates.field = synonyms.field
            and candidates.words = synonyms.words
    group by candidates.field, candidates.value_text

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
        and (placeholders.words is not null or {{ word_key('texts.value_text') }} = '')
            as is_placeholder
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
