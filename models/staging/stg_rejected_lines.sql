-- One row per line of a file that could not be read as a record.
select
    import_id,
    line_number,
    line_text,
    reason
from {{ source('raw', 'raw_rejected_lines') }}
