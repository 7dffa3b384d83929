-- One row per text of a city, region, country or sector column that no synonym explains yet.
select
    field,
    value_text,
    row_count
from {{ ref('mapped_values') }}
where code is null and not is_placeholder
