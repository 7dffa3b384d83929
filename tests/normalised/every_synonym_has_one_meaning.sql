-- Guards normalised.mapped_values. A row here: two synonyms that fold to the same words name
-- different codes, or a synonym names a code that its reference table does not have, so that
-- records would get a city or sector by chance or none at all.
{% set seeds = [
    ('city_synonyms', 'city', 'cities', 'city'),
    ('region_synonyms', 'region_code', 'regions', 'region_code'),
    ('country_synonyms', 'country', 'countries', 'country'),
    ('sector_synonyms', 'sector', 'sectors', 'sector'),
] %}
{% for synonyms, code, reference, key in seeds %}
{% set field = "'" ~ synonyms.split('_')[0] ~ "'" %}
select
    '{{ synonyms }}' as seed,
    keyed.words
from (
    select
        worded.code,
        {{ synonym_key(field, 'worded.words') }} as words
    from (
        select
            {{ code }} as code,
            {{ word_key('synonym') }} as words
        from {{ ref(synonyms) }}
    ) as worded
) as keyed
left join {{ ref(reference) }} as known
    on keyed.code = known.{{ key }}
group by keyed.words
having
    count(distinct keyed.code) > 1
    or count(*) > count(known.{{ key }})
    or keyed.words = ''
{% if not loop.last %}
union all
{% endif %}
{% endfor %}
