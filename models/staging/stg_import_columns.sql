-- One row per column of an imported file: to which canonical field it is mapped, and as which of
-- several.
select
    imports.import_id,
    mapped.item.column as column_name,
    mapped.item.field as field,
    mapped.item.origin as origin,
    mapped.item.rank as column_rank,
    mapped.item.confidence as confidence
from {{ source('raw', 'raw_lead_imports') }} as imports
{{ each_json_record(
    'imports.column_mapping',
    {
        'column': 'VARCHAR', 'field': 'VARCHAR', 'origin': 'VARCHAR', 'rank': 'INTEGER',
        'confidence': 'DOUBLE',
    },
    'mapped',
) }}
