-- The one definition of the raw tables: append-only facts, every row with who, when and from what.
-- Run by the dbt plugin and by every job that opens the warehouse for writing. Timestamps are UTC.
-- A *_hash is an HMAC-SHA256 under the warehouse's secret key (key_id names the key, never holds it).

create schema if not exists raw;

create table if not exists raw.raw_lead_imports (
    import_id varchar not null,
    source_name varchar not null,
    source_type varchar not null,
    allowed_use varchar,
    consent_status varchar,
    risk_level varchar,
    customer varchar,
    file_name varchar,
    file_sha256 varchar,
    file_encoding varchar,
    file_delimiter varchar,
    vendor_last_updated date,
    assessment_reference varchar,
    notes varchar,
    column_mapping json,
    rows_read bigint not null,
    rows_landed bigint not null,
    rows_rejected bigint not null,
    imported_by varchar not null,
    imported_at timestamp not null,
    file_format varchar,
    file_sheet varchar,
    rows_unchanged bigint,
    country varchar
);

-- A warehouse made before these columns existed gets them.
alter table raw.raw_lead_imports add column if not exists file_format varchar;
alter table raw.raw_lead_imports add column if not exists file_sheet varchar;
alter table raw.raw_lead_imports add column if not exists rows_unchanged bigint;
alter table raw.raw_lead_imports add column if not exists country varchar;

-- zstd: half the file, and quicker to read. A file in DuckDB's older format takes no notice of it.
create table if not exists raw.raw_lead_rows (
    import_id varchar not null,
    row_number bigint not null,
    payload json not null using compression zstd,
    row_hash varchar not null
);

create table if not exists raw.raw_rejected_lines (
    import_id varchar not null,
    line_number bigint not null,
    line_text varchar,
    reason varchar not null
);

create table if not exists raw.import_events (
    event_id varchar not null,
    import_id varchar not null,
    event varchar not null,
    reason varchar,
    actor varchar not null,
    occurred_at timestamp not null
);

create table if not exists raw.parsed_phones (
    raw_value varchar not null,
    position integer not null,
    is_valid boolean not null,
    e164 varchar,
    phone_type varchar,
    region varchar,
    extension varchar,
    reject_reason varchar,
    phone_hash varchar,
    key_id varchar,
    library varchar not null,
    library_version varchar not null,
    parsed_at timestamp not null
);
alter table raw.parsed_phones add column if not exists dialled_in varchar;

create table if not exists raw.parsed_emails (
    raw_value varchar not null,
    position integer not null,
    is_valid boolean not null,
    email varchar,
    local_part varchar,
    email_domain varchar,
    registrable_domain varchar,
    is_free_mail boolean,
    is_disposable boolean,
    reject_reason varchar,
    email_hash varchar,
    domain_hash varchar,
    key_id varchar,
    library varchar not null,
    library_version varchar not null,
    parsed_at timestamp not null
);

create table if not exists raw.parsed_urls (
    raw_value varchar not null,
    position integer not null,
    is_valid boolean not null,
    url varchar,
    host varchar,
    first_path_segment varchar,
    registrable_domain varchar,
    reject_reason varchar,
    domain_hash varchar,
    host_hash varchar,
    site_hash varchar,
    key_id varchar,
    library varchar not null,
    library_version varchar not null,
    parsed_at timestamp not null
);

create table if not exists raw.enrichment_results (
    result_id varchar not null,
    provider varchar not null,
    endpoint varchar not null,
    subject varchar not null,
    status varchar not null,
    payload json,
    cost_sar decimal(12, 4),
    actor varchar not null,
    fetched_at timestamp not null,
    expires_at timestamp
);

-- What Google says beyond the place id may be held until it expires, and is gone from the file after that:
-- the one raw table of which rows are deleted.
create table if not exists raw.google_cache (
    cache_id varchar not null,
    provider varchar not null,
    endpoint varchar not null,
    subject varchar not null,
    content json not null,
    fetched_at timestamp not null,
    expires_at timestamp not null
);

create table if not exists raw.suppression_events (
    event_id varchar not null,
    event varchar not null,
    kind varchar not null,
    subject_hash varchar,
    host_hash varchar,
    site_hash varchar,
    subject_id varchar,
    masked_display varchar not null,
    scope varchar not null,
    reason varchar not null,
    key_id varchar,
    source_file varchar,
    actor varchar not null,
    occurred_at timestamp not null
);

create table if not exists raw.consent_events (
    event_id varchar not null,
    event varchar not null,
    kind varchar not null,
    subject_hash varchar not null,
    masked_display varchar not null,
    purpose varchar not null,
    means varchar not null,
    evidence varchar not null,
    key_id varchar not null,
    actor varchar not null,
    occurred_at timestamp not null
);

create table if not exists raw.customers (
    customer varchar not null,
    onboarded_on date not null,
    actor varchar not null,
    recorded_at timestamp not null
);

alter table raw.customers add column if not exists sender_identity varchar;

create table if not exists raw.outreach_events (
    event_id varchar not null,
    queue_id varchar not null,
    event varchar not null,
    customer varchar,
    account_id varchar,
    contact_id varchar,
    channel varchar,
    content_hash varchar,
    export_id varchar,
    export_file varchar,
    file_sha256 varchar,
    recipient varchar,
    purpose varchar,
    reason varchar,
    actor varchar not null,
    occurred_at timestamp not null,
    expires_at timestamp
);

create table if not exists raw.match_decisions (
    event_id varchar not null,
    left_id varchar not null,
    right_id varchar not null,
    decision varchar not null,
    reason varchar,
    actor varchar not null,
    occurred_at timestamp not null
);

create table if not exists raw.erasure_events (
    event_id varchar not null,
    event varchar not null,
    kind varchar not null,
    subject_hash varchar not null,
    masked_display varchar not null,
    reason varchar,
    actor varchar not null,
    occurred_at timestamp not null
);

create table if not exists raw.rights_requests (
    event_id varchar not null,
    request_id varchar not null,
    request_right varchar not null,
    event varchar not null,
    kind varchar not null,
    subject_hash varchar not null,
    masked_display varchar not null,
    reason varchar,
    actor varchar not null,
    occurred_at timestamp not null
);

create table if not exists raw.build_runs (
    run_id varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    status varchar not null,
    is_complete boolean not null,
    failed_nodes json,
    mode varchar,
    mode_reason varchar,
    new_imports json,
    facts json,
    code_fingerprint varchar
);

-- A warehouse made before these columns existed gets them.
alter table raw.build_runs add column if not exists mode varchar;
alter table raw.build_runs add column if not exists mode_reason varchar;
alter table raw.build_runs add column if not exists new_imports json;
alter table raw.build_runs add column if not exists facts json;
alter table raw.build_runs add column if not exists code_fingerprint varchar;

create table if not exists raw.publications (
    event_id varchar not null,
    path varchar not null,
    reason varchar,
    actor varchar not null,
    published_at timestamp not null
);

-- The code that dbt opened the warehouse with, whenever it was another than before.
create table if not exists raw.project_versions (
    fingerprint varchar not null,
    opened_at timestamp not null
);

create table if not exists raw.hash_keys (
    key_id varchar not null,
    actor varchar not null,
    created_at timestamp not null
);
