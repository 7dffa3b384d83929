"""Lands a lead file: its rows, rejected lines, parsed values and the import itself in one transaction."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import duckdb

from python_jobs.command_line import UsageProblem
from python_jobs.landing.column_mapping import MappedColumn
from python_jobs.landing.customer_names import customer_as_named
from python_jobs.landing.google_list import (
    cache_google_content,
    readable_row_by_row,
    without_google_content,
)
from python_jobs.landing.import_metadata import ImportMetadata
from python_jobs.landing.land_values import NO_CELLS, PARSED_FIELDS, land_read_values, read_values
from python_jobs.landing.lead_file import LeadFile, RowSource, rewritten
from python_jobs.landing.local_phones import NO_PLACES, PLACE_FIELDS
from python_jobs.landing.record_count import LONGEST_CELL
from python_jobs.warehouse.connection import utc_now

# What DuckDB may hold while a list lands, however long the list is; the rest waits on disk.
MEMORY_LIMIT = "1500MB"
# Every record and everything found in it carries it: short, as macros/normalise/record_id.sql says.
TRIAL_ID = "trial"


@dataclass(frozen=True)
class LandedImport:
    """What stands in raw.raw_lead_imports, and whether it was landed now or before."""

    import_id: str
    rows_read: int
    rows_landed: int
    rows_rejected: int
    rows_unchanged: int | None
    is_new: bool
    imported_at: Any
    is_withdrawn: bool = False


def land_leads(
    connection: duckdb.DuckDBPyConnection,
    lead_file: LeadFile,
    mapping: Sequence[MappedColumn],
    metadata: ImportMetadata,
    actor: str,
    again: bool = False,
    progress: Callable[[str], None] = lambda text: None,
    is_trial: bool = False,
) -> LandedImport:
    """Land the file, all or nothing; a file that this source landed before is left alone unless `again`.

    Of a trial nothing is kept: its values stand under *_hash as they are, and its id is short. Raises
    UsageProblem when the rows that came out of the file do not add up.
    """
    if metadata.customer:
        metadata = replace(metadata, customer=customer_as_named(connection, metadata.customer))
    earlier = _earlier_imports(connection, lead_file, metadata)
    if earlier and not again:
        return earlier[-1]
    import_id = TRIAL_ID if is_trial else _import_id(lead_file, metadata, ordinal=len(earlier))
    problems: list[str] = []
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    # Rows are numbered as they stand in the file; a build in the same process may have given that up.
    connection.execute("set preserve_insertion_order = true")
    whole = readable_row_by_row(lead_file, metadata.source_type)
    kept_file, kept_mapping = without_google_content(whole, mapping, metadata.source_type)
    for candidate in _readings(kept_file, problems):
        try:
            _read_rows(connection, candidate, kept_mapping, metadata.country)
            read_values(connection, "temp.file_cells", progress, "temp.file_places")
        except (_NotAllAreRows, duckdb.InvalidInputException) as problem:
            problems.append(str(problem))
            continue
        connection.execute("begin")
        try:
            landed = _insert_rows(connection, import_id)
            rejected = _insert_rejected(connection, import_id, candidate)
            unchanged = _count_unchanged(connection, import_id, metadata)
            imported_at = utc_now()
            told = LandedImport(import_id, landed + rejected, landed, rejected, unchanged, True, imported_at)
            _insert_import(connection, candidate, kept_mapping, metadata, actor, told)
            cache_google_content(connection, whole, mapping, metadata.source_type, import_id)
            land_read_values(connection, actor, is_trial)
            _check_counts(connection, import_id)
            connection.execute("commit")
        except BaseException:
            _roll_back(connection)
            raise
        _forget_file(connection)
        connection.execute("reset memory_limit")
        return told
    raise UsageProblem(
        f"{lead_file.path.name} cannot be read whole, so nothing was landed: {problems[-1].splitlines()[0]}."
    )


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    # A full disk closes the database for good, and only the first error says why. Nothing is committed.
    with contextlib.suppress(duckdb.Error):
        connection.execute("rollback")


class _NotAllAreRows(Exception):
    """Row by row the file can be read nevertheless."""


def _readings(lead_file: LeadFile, problems: Sequence[str]) -> Iterator[LeadFile]:
    """The file as DuckDB can read it directly, then rewritten; `problems` tell why a reading failed."""
    if lead_file.rows is not None:
        yield lead_file
        # Room for long records costs memory, so only the file that turns out to hold one gets it.
        if "maximum line size" in problems[-1].lower():
            yield replace(lead_file, rows=replace(lead_file.rows, longest_record=LONGEST_CELL))
    yield rewritten(lead_file)


def _earlier_imports(
    connection: duckdb.DuckDBPyConnection, lead_file: LeadFile, metadata: ImportMetadata
) -> list[LandedImport]:
    rows = connection.execute(
        """
        select
            import_id, rows_read, rows_landed, rows_rejected, rows_unchanged, false as is_new, imported_at,
            import_id in (
                select import_id from raw.import_events where event = 'withdrawn'
            ) as is_withdrawn
        from raw.raw_lead_imports
        where
            source_name = ? and customer is not distinct from ?
            and file_sha256 = ? and file_sheet is not distinct from ?
        order by imported_at, import_id
        """,
        [metadata.source_name, metadata.customer, lead_file.sha256, lead_file.sheet],
    ).fetchall()
    return [LandedImport(*row) for row in rows]


def _import_id(lead_file: LeadFile, metadata: ImportMetadata, ordinal: int) -> str:
    content = lead_file.sha256 if lead_file.sheet is None else f"{lead_file.sha256}#{lead_file.sheet}"
    text = "|".join([metadata.source_name, metadata.customer or "", content, str(ordinal)])
    return "imp_" + hashlib.sha256(text.encode()).hexdigest()[:16]


def _read_rows(
    connection: duckdb.DuckDBPyConnection,
    lead_file: LeadFile,
    mapping: Sequence[MappedColumn],
    country: str | None,
) -> None:
    """Make temp.rows_of_file, temp.file_cells of the cells that will be parsed, and temp.file_places.

    Before the transaction: what a transaction wrote itself DuckDB reads back with one core only.
    """
    fields = {
        entry.column: entry.field for entry in mapping if entry.field in (*PARSED_FIELDS, *PLACE_FIELDS)
    }
    names = [f"c{position}" for position in range(len(lead_file.columns))]
    # A struct and to_json is the fastest way to JSON; the keys are identifiers there, hence the quotes.
    record = ", ".join(
        f"{_identifier(key)} := {name}" for key, name in zip(lead_file.columns, names, strict=True)
    )
    named = zip(lead_file.columns, names, strict=True)
    kept_cells = [(name, fields[key]) for key, name in named if key in fields]
    cells = [(name, field) for name, field in kept_cells if field in PARSED_FIELDS]
    phones = [name for name, field in cells if field == "phone"]
    places = [name for name, field in kept_cells if field in PLACE_FIELDS]
    if country:
        places.append(f"'{country}'")
    kept = "".join(f", {name}" for name, _ in kept_cells)
    read = connection.execute(
        f"""
        create or replace temp table rows_of_file as
        select payload, sha256(cast(payload as varchar)) as row_hash{kept}
        from (select to_json(struct_pack({record})) as payload{kept} from {_read_csv(lead_file.rows, names)})
        """,
        {"path": str(lead_file.rows.path)},
    ).fetchone()[0]
    if read != lead_file.rows.row_count:
        raise _NotAllAreRows(f"{read:,} rows were read of {lead_file.rows.row_count:,}")
    _look_for_headers(connection, lead_file)
    columns = " union all ".join(
        f"select '{field}' as field, {name} as value from temp.rows_of_file" for name, field in cells
    )
    connection.execute(f"create or replace temp view file_cells as {columns or NO_CELLS}")
    pairs = " union all ".join(
        f"select {phone} as value, {place} as place from temp.rows_of_file"
        for phone in phones
        for place in places
    )
    connection.execute(f"create or replace temp view file_places as {pairs or NO_PLACES}")


def _look_for_headers(connection: duckdb.DuckDBPyConnection, lead_file: LeadFile) -> None:
    """Raises _NotAllAreRows when a row of temp.rows_of_file is the header once more (lists put together)."""
    for header in lead_file.headers:
        cells = ", ".join(
            f"{_identifier(key)} := $cells[{place}]" for place, key in enumerate(lead_file.columns, start=1)
        )
        found = connection.execute(
            f"""
            select count(*) from temp.rows_of_file
            where row_hash = sha256(cast(to_json(struct_pack({cells})) as varchar))
            """,
            {"cells": [cell or None for cell in header]},
        ).fetchone()[0]
        if found:
            raise _NotAllAreRows(f"{found:,} rows name the columns once more")


def _identifier(key: str) -> str:
    return '"' + key.replace('"', '""') + '"'


def _insert_rows(connection: duckdb.DuckDBPyConnection, import_id: str) -> int:
    """Land the rows; returns how many."""
    # DuckDB reads with all cores and keeps the file's order, so a table's row ids count its rows: numbering
    # them by a window would take one core and half as long again.
    first = connection.execute("select min(rowid) from temp.rows_of_file").fetchone()[0]
    return connection.execute(
        """
        insert into raw.raw_lead_rows
        select $import_id, rowid - $first + 1, payload, row_hash
        from temp.rows_of_file
        """,
        {"import_id": import_id, "first": first},
    ).fetchone()[0]


def _forget_file(connection: duckdb.DuckDBPyConnection) -> None:
    for view in ("file_cells", "file_places"):
        connection.execute(f"drop view if exists temp.{view}")
    connection.execute("drop table if exists temp.rows_of_file")


def _read_csv(rows: RowSource, names: Sequence[str]) -> str:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    newline = rows.newline.encode("unicode_escape").decode()
    delimiter = rows.delimiter.replace("'", "''")
    quote = '"' if rows.has_quotes else ""
    return f"""read_csv(
        $path, auto_detect = false, header = false, skip = {rows.records_to_skip},
        new_line = '{newline}', delim = '{delimiter}', quote = '{quote}', escape = '{quote}',
        max_line_size = {rows.longest_record},
        buffer_size = {max(32_000_000, rows.longest_record * 2)},
        columns = {{{columns}}}
    )"""


def _insert_rejected(connection: duckdb.DuckDBPyConnection, import_id: str, lead_file: LeadFile) -> int:
    lines = lead_file.rejected_lines
    if lines:
        connection.execute(
            "insert into raw.raw_rejected_lines select ?, unnest(?), unnest(?), unnest(?)",
            [
                import_id,
                [line.line_number for line in lines],
                [line.line_text for line in lines],
                [line.reason for line in lines],
            ],
        )
    return len(lines)


def _count_unchanged(connection: duckdb.DuckDBPyConnection, import_id: str, metadata: ImportMetadata) -> int:
    """Rows of this import that an earlier one of the same source and customer holds word for word.

    What was withdrawn does not count: its rows are new again.
    """
    return connection.execute(
        """
        select count(*)
        from raw.raw_lead_rows
        where
            import_id = $import_id
            and row_hash in (
                select lead_rows.row_hash
                from raw.raw_lead_rows as lead_rows
                inner join raw.raw_lead_imports as imports
                    on lead_rows.import_id = imports.import_id
                where
                    imports.source_name = $source_name
                    and imports.customer is not distinct from $customer
                    and imports.import_id not in (
                        select import_id from raw.import_events where event = 'withdrawn'
                    )
            )
        """,
        {
            "import_id": import_id,
            "source_name": metadata.source_name,
            "customer": metadata.customer,
        },
    ).fetchone()[0]


def _insert_import(
    connection: duckdb.DuckDBPyConnection,
    lead_file: LeadFile,
    mapping: Sequence[MappedColumn],
    metadata: ImportMetadata,
    actor: str,
    told: LandedImport,
) -> None:
    values = asdict(metadata) | {
        "import_id": told.import_id,
        "file_name": lead_file.path.name,
        "file_sha256": lead_file.sha256,
        "file_encoding": lead_file.encoding,
        "file_format": lead_file.format,
        "file_sheet": lead_file.sheet,
        "file_delimiter": lead_file.delimiter if lead_file.format == "text" else None,
        "column_mapping": json.dumps([asdict(entry) for entry in mapping], ensure_ascii=False),
        "rows_read": told.rows_read,
        "rows_landed": told.rows_landed,
        "rows_rejected": told.rows_rejected,
        "rows_unchanged": told.rows_unchanged,
        "imported_by": actor,
        "imported_at": told.imported_at,
    }
    connection.execute(
        f"""
        insert into raw.raw_lead_imports ({", ".join(values)})
        values ({", ".join("?" for _ in values)})
        """,
        list(values.values()),
    )


def _check_counts(connection: duckdb.DuckDBPyConnection, import_id: str) -> None:
    """Constitution of the lake: what was read is landed or rejected, to the row."""
    told = connection.execute(
        """
        select rows_read, rows_landed, rows_rejected
        from raw.raw_lead_imports where import_id = ?
        """,
        [import_id],
    ).fetchone()
    landed = connection.execute(
        "select count(*) from raw.raw_lead_rows where import_id = ?", [import_id]
    ).fetchone()[0]
    rejected = connection.execute(
        "select count(*) from raw.raw_rejected_lines where import_id = ?", [import_id]
    ).fetchone()[0]
    if told != (landed + rejected, landed, rejected):
        raise UsageProblem(
            f"The rows do not add up (told {told}, landed {landed}, rejected {rejected}): "
            "nothing was landed. Please report this file."
        )
