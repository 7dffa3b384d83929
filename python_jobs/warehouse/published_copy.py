"""Writes the copy of the warehouse that BI tools read, in one step, and finds the copies there are."""

import os
import shutil
import tempfile
from pathlib import Path

import duckdb

# What lists and providers said, word for word: readers have what was made of it. A current build does not
# ask them about the gate: no import is unbuilt. What Google says has to expire, which a copy would not.
WITHHELD = frozenset(
    f"raw.{table}"
    for table in (
        *("raw_lead_rows", "raw_rejected_lines", "parsed_phones", "parsed_emails", "parsed_urls"),
        "google_cache",
    )
)
# Free text and payloads in tables that the gate does read.
BLANKED = {"raw.enrichment_results": "payload", "raw.raw_lead_imports": "notes"}


def write_copy(connection: duckdb.DuckDBPyConnection, warehouse: Path, target: Path) -> None:
    """Put a copy of the warehouse in the place of `target`, whole or not at all; readers keep the old file.

    The caller holds the writer (open_writer), outside a transaction. `target` has the warehouse's file
    name: views carry the catalog's name, which is the file's. The gate's views stay views in it, the
    reports are tables. Raises OSError or duckdb.Error and leaves the old copy when it cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_unfinished(target)
    folder = Path(tempfile.mkdtemp(prefix=_prefix(target), dir=target.parent))
    try:
        fresh = folder / target.name
        catalog = connection.execute("select current_database()").fetchone()[0]
        place = str(fresh).replace("'", "''")
        connection.execute(f"attach '{place}' as published")
        try:
            _fill(connection, catalog)
        finally:
            connection.execute("detach published")
        shutil.copymode(warehouse, fresh)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
        # Of somebody who opened the old copy for writing: it does not belong to this one.
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        _sync_folder(target.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_unfinished(target: Path) -> None:
    """Remove what a killed writer left beside the copy; the caller holds the writer, so nobody needs it."""
    for left in target.parent.glob(f"{_prefix(target)}*"):
        shutil.rmtree(left, ignore_errors=True)


def published_files(connection: duckdb.DuckDBPyConnection) -> list[Path]:
    """Every place to which a copy was ever published and where a file or the rest of one is now."""
    paths = connection.execute("select distinct path from raw.publications order by path").fetchall()
    return [
        Path(path)
        for (path,) in paths
        if Path(path).exists() or any(Path(path).parent.glob(f"{_prefix(Path(path))}*"))
    ]


def is_published_copy(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the open file is a copy: only there the reports are tables, whatever it is called."""
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where database_name = current_database()"
            " and schema_name = 'reporting' and table_name = 'publications'"
        ).fetchone()
    )


def _prefix(target: Path) -> str:
    return f".{target.name}.publish-"


def _fill(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    connection.execute(f'copy from database "{catalog}" to published (schema)')
    connection.begin()
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = $catalog and not internal and not temporary order by all",
        {"catalog": catalog},
    ).fetchall()
    for schema, table in tables:
        name = f"{schema}.{table}"
        if name in WITHHELD:
            continue
        columns = f"* replace (null as {BLANKED[name]})" if name in BLANKED else "*"
        place = f'"{schema}"."{table}"'
        connection.execute(f'insert into published.{place} select {columns} from "{catalog}".{place}')
    reports = connection.execute(
        "select schema_name, view_name from duckdb_views()"
        " where database_name = $catalog and schema_name = 'reporting' order by all",
        {"catalog": catalog},
    ).fetchall()
    for schema, view in reports:
        connection.execute(f'drop view published."{schema}"."{view}"')
        connection.execute(
            f'create table published."{schema}"."{view}" as from "{catalog}"."{schema}"."{view}"'
        )
    connection.commit()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
