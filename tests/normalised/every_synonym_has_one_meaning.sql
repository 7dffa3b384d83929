-- Guards normalised.mapped_values. A row here: two synonyms that fold to the same words name
-- different codes, or a synonym names a code that its reference table does not have, so that
-- records would get a city or sector by chance or none at all.
{% set seeds = [
    ('city_synonyms', 'city', 'cities', 'city'),
    ('region_synonyms', 'region_code', 'regions', 'region_code'),
    ('country_synonyms', 'country', 'countries', 'country'),
    ('sector_synonyms', 'sector', 'sectors', 'sector'),
] %}
with worded as (

    {% for synonyms, code, reference, key in seeds %}
    select
        '{{ synonyms }}' as seed,
        '{{ synonyms.split('_')[0] }}' as field,
        synonyms.{{ code }} as code,
        known.{{ key }} as known_code,
        {{ word_key('synonyms.synonym') }} as words
    from {{ ref(synonyms) }} as synonyms
    left join {{ ref(reference) }} as known
        on synonyms.{{ code }} = known.{{ key }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

keyed as (

    select
        seed,
        code,
        known_code,
        {{ synonym_key('field', 'words') }} as words
    from worded

)

select
    seed,
    words
from keyed
group by seed, words
having
    count(distinct code) > 1
    or count(*) > count(known_code)
    or words = ''
