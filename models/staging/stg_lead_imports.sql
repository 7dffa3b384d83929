-- One row per import of a file.
select
    import_id,
    source_name,
    source_type,
    allowed_use,
    consent_status,
    risk_level,
    customer,
    file_name,
    file_sha256,
    file_encoding,
    file_delimiter,
    vendor_last_updated,
    assessment_reference,
    notes,
    column_mapping,
    rows_read,
    rows_landed,
    rows_rejected,
    rows_unchanged,
    imported_by,
    imported_at
from {{ source('raw', 'raw_lead_imports') }}
