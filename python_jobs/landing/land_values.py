"""Lands what the libraries make of phone, email and website cells: one parse per distinct value, ever."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from python_jobs.command_line import operator_name
from python_jobs.landing import parse_emails, parse_phones, parse_urls
from python_jobs.landing.keyed_hash import HashKey, open_key
from python_jobs.warehouse.connection import utc_now

BATCH = 20_000


@dataclass(frozen=True)
class _Kind:
    """A raw table of parses: whose cells it is for, what parses them, which hashes are added."""

    field: str
    table: str
    parse: Callable[[str | None], list]
    hashes: Callable[[Any, HashKey], dict[str, str | None]]
    library: str
    library_version: str


def _phone_hashes(phone: parse_phones.ParsedPhone, key: HashKey) -> dict[str, str | None]:
    return {"phone_hash": key.phone(phone.e164) if phone.is_valid else None}


def _email_hashes(email: parse_emails.ParsedEmail, key: HashKey) -> dict[str, str | None]:
    return {
        "email_hash": key.email(email.email) if email.is_valid else None,
        "domain_hash": key.domain(email.registrable_domain) if email.is_valid else None,
    }


def _url_hashes(url: parse_urls.ParsedUrl, key: HashKey) -> dict[str, str | None]:
    has_path = url.is_valid and url.first_path_segment
    return {
        "domain_hash": key.domain(url.registrable_domain) if url.is_valid else None,
        "host_hash": key.domain(url.host) if url.is_valid else None,
        "site_hash": key.site(url.registrable_domain, url.first_path_segment) if has_path else None,
    }


KINDS = (
    _Kind("phone", "parsed_phones", parse_phones.parse_phones, _phone_hashes,
          parse_phones.LIBRARY, parse_phones.LIBRARY_VERSION),
    _Kind("email", "parsed_emails", parse_emails.parse_emails, _email_hashes,
          parse_emails.LIBRARY, parse_emails.LIBRARY_VERSION),
    _Kind("website", "parsed_urls", parse_urls.parse_urls, _url_hashes,
          parse_urls.LIBRARY, parse_urls.LIBRARY_VERSION),
)  # fmt: skip


def land_parsed_values(
    connection: duckdb.DuckDBPyConnection,
    import_id: str | None = None,
    actor: str | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> dict[str, int]:
    """Parse every mapped value that was not parsed before; returns the number of rows landed per table.

    `import_id` limits it to one import; `actor` is recorded if a hash key has to be made. Every value is
    offered to all three parsers, so that an email in a website column is found; of a foreign kind only
    what is valid is landed. A value lands with all its positions or not at all. Raises WarehouseError
    when the hash key is not the recorded one.
    """
    _collect_cells(connection, import_id)
    key = open_key(connection, _warehouse_of(connection), actor or operator_name())
    landed = {}
    for kind in KINDS:
        rows: list[dict[str, Any]] = []
        count = 0
        values = _values_to_parse(connection, kind)
        for done, (value, is_own) in enumerate(values, start=1):
            parsed = [item for item in kind.parse(value) if is_own or item.is_valid]
            rows += [vars(item) | kind.hashes(item, key) for item in parsed]
            if len(rows) >= BATCH:
                count += _insert(connection, kind, rows, key)
                rows = []
            if done % BATCH == 0:
                progress(f"  {done:,} of {len(values):,} distinct values read as {kind.field}s")
        landed[kind.table] = count + _insert(connection, kind, rows, key)
    connection.execute("drop table if exists temp.mapped_cells")
    return landed


def _warehouse_of(connection: duckdb.DuckDBPyConnection) -> Path:
    query = "select path from duckdb_databases() where database_name = current_database()"
    return Path(connection.execute(query).fetchone()[0])


def _collect_cells(connection: duckdb.DuckDBPyConnection, import_id: str | None) -> None:
    """temp.mapped_cells: the distinct values of phone, email and website columns, by field."""
    connection.execute("drop table if exists temp.mapped_cells")
    connection.execute(
        """
        create temp table mapped_cells as
        with columns_of_imports as (
            select
                import_id,
                unnest(from_json(
                    column_mapping, '[{"column": "VARCHAR", "field": "VARCHAR"}]'
                ), recursive := true)
            from raw.raw_lead_imports
            where import_id = coalesce($import_id, import_id)
        )
        select distinct
            columns_of_imports.field,
            json_extract_string(
                lead_rows.payload,
                '/' || replace(replace(columns_of_imports."column", '~', '~0'), '/', '~1')
            ) as value
        from raw.raw_lead_rows as lead_rows
        inner join columns_of_imports on lead_rows.import_id = columns_of_imports.import_id
        where columns_of_imports.field in ('phone', 'email', 'website')
        """,
        {"import_id": import_id},
    )


def _values_to_parse(connection: duckdb.DuckDBPyConnection, kind: _Kind) -> list[tuple[str, bool]]:
    return connection.execute(
        f"""
        select value, bool_or(field = $field) as is_own
        from temp.mapped_cells
        where trim(value) <> '' and value not in (select raw_value from raw.{kind.table})
        group by value
        order by value
        """,
        {"field": kind.field},
    ).fetchall()


def _insert(
    connection: duckdb.DuckDBPyConnection,
    kind: _Kind,
    rows: Sequence[dict[str, Any]],
    key: HashKey,
) -> int:
    if not rows:
        return 0
    names = list(rows[0])
    # One list per column: a hundred times quicker than a statement per row.
    columns: Iterable[list[Any]] = [[row[name] for row in rows] for name in names]
    connection.execute(
        f"""
        insert into raw.{kind.table} ({", ".join(names)}, key_id, library, library_version, parsed_at)
        select {", ".join("unnest(?)" for _ in names)}, ?, ?, ?, ?
        """,
        [*columns, key.key_id, kind.library, kind.library_version, utc_now()],
    )
    return len(rows)
