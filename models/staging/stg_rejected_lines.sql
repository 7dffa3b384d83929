-- One row per line of a file that could not be read as a record.
select
    import_id,
    line_number,
    line_text,
    reason,
    reason not in ('above_header', 'header_again') as is_part_of_list
from {{ source('raw', 'raw_rejected_lines') }}
