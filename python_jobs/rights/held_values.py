"""Where a person's values stand in the warehouse: every text column of every table, raw or derived."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from python_jobs.rights.subject_values import SubjectValues

ERASED = "[erased]"

# Ids, hashes and masked texts of our own making hold no value; digits in a hash are chance.
NOT_SEARCHED = ("_hash", "_id", "_sha256", "masked_display", "library", "library_version")

# The columns of a list that name the person in a row of that person's own.
PERSON_FIELDS = ("contact_name", "contact_first_name", "contact_last_name", "contact_role", "linkedin_url")


@dataclass(frozen=True)
class Column:
    """A text column of a table."""

    schema: str
    table: str
    name: str
    type: str

    @property
    def place(self) -> str:
        return f'"{self.schema}"."{self.table}"'


def text_columns(connection: duckdb.DuckDBPyConnection, only_raw: bool = False) -> list[Column]:
    """The columns in which a value could stand, of base tables."""
    found = connection.execute(
        """
        select columns.table_schema, columns.table_name, columns.column_name, columns.data_type
        from information_schema.columns as columns
        inner join information_schema.tables as tables
            on columns.table_catalog = tables.table_catalog
            and columns.table_schema = tables.table_schema
            and columns.table_name = tables.table_name
        where tables.table_type = 'BASE TABLE'
            and (contains(columns.data_type, 'VARCHAR') or columns.data_type = 'JSON')
            and (not $only_raw or columns.table_schema = 'raw')
        order by all
        """,
        {"only_raw": only_raw},
    ).fetchall()
    return [Column(*row) for row in found if not str(row[2]).endswith(NOT_SEARCHED)]


def held_in(
    connection: duckdb.DuckDBPyConnection, column: Column, subject: SubjectValues
) -> Iterator[tuple[int, str]]:
    """(rowid, text) of the cells of a column in which one of the subject's values stands."""
    text = f'cast("{column.name}" as varchar)'
    digits = f"""regexp_replace(
        translate({text}, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789'), '[^0-9]', '', 'g'
    )"""
    # The database looks for what could be one; what it finds is looked at closely here.
    candidates = connection.execute(
        f"""
        select rowid, {text}
        from {column.place}
        where "{column.name}" is not null and (
            len(list_filter($emails::varchar[], lambda item: contains(lower({text}), item))) > 0
            or len(list_filter($numbers::varchar[], lambda item: contains({digits}, item))) > 0
            or len(list_filter($raw_values::varchar[], lambda item: contains({text}, item))) > 0
            -- Marks that nobody sees, and full-width letters: they are looked at without them.
            or regexp_matches({text}, '[\\p{{Cf}}\\x{{FF01}}-\\x{{FF5E}}]')
        )
        """,
        {
            "emails": list(subject.spelt_emails),
            "numbers": list(subject.national_numbers),
            "raw_values": [*subject.raw_values, *_json_spellings(subject)],
        },
    ).fetchall()
    for rowid, found in candidates:
        if _erased(column, found, subject.stand_in) != found:
            yield rowid, found


def erase_values(connection: duckdb.DuckDBPyConnection, subject: SubjectValues) -> dict[str, int]:
    """Put a tombstone in the place of the values in every raw table; table -> cells changed."""
    counts: dict[str, int] = {}
    for column in text_columns(connection, only_raw=True):
        changes = [
            (rowid, _erased(column, text, subject.stand_in))
            for rowid, text in held_in(connection, column, subject)
        ]
        _update(connection, column, changes, counts)
    return counts


def erase_person_cells(connection: duckdb.DuckDBPyConnection, contact_ids: list[str]) -> int:
    """Put a tombstone in the place of a person's name, role and profile in that person's own rows."""
    rows = connection.execute(
        """
        select lead_rows.rowid, cast(lead_rows.payload as varchar), columns.named
        from raw.raw_lead_rows as lead_rows
        inner join (
            select distinct import_id, row_number from graph.contact_sources
            where list_contains($ids::varchar[], contact_id)
        ) as sources
            on lead_rows.import_id = sources.import_id and lead_rows.row_number = sources.row_number
        inner join (
            select import_id, list(column_name) as named from staging.stg_import_columns
            where list_contains($fields::varchar[], field) group by import_id
        ) as columns on lead_rows.import_id = columns.import_id
        """,
        {"ids": contact_ids, "fields": list(PERSON_FIELDS)},
    ).fetchall()
    changes = []
    for rowid, payload, named in rows:
        cells = json.loads(payload)
        changed = {name: ERASED if name in named and cell else cell for name, cell in cells.items()}
        if changed != cells:
            changes.append((rowid, _as_landed(changed)))
    counts: dict[str, int] = {}
    _update(connection, Column("raw", "raw_lead_rows", "payload", "JSON"), changes, counts)
    return sum(counts.values())


def _as_landed(document: Any) -> str:
    # Without spaces, as the landing writes it: nothing else of a row changes but the value.
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _json_spellings(subject: SubjectValues) -> list[str]:
    # A quote or a backslash in a cell is escaped in its JSON.
    return [json.dumps(value, ensure_ascii=False)[1:-1] for value in subject.raw_values]


def _erased(column: Column, text: str, holds: Callable[[str], bool]) -> str:
    if column.type == "JSON" or text[:1] in ("{", "["):
        try:
            document = json.loads(text)
        except ValueError:
            return ERASED if holds(text) else text
        changed = _erased_in(document, holds)
        return text if changed == document else _as_landed(changed)
    return ERASED if holds(text) else text


def _erased_in(node: Any, holds: Callable[[str], bool]) -> Any:
    if isinstance(node, dict):
        return {ERASED if holds(name) else name: _erased_in(part, holds) for name, part in node.items()}
    if isinstance(node, list):
        return [_erased_in(part, holds) for part in node]
    if isinstance(node, str) or (isinstance(node, (int, float)) and not isinstance(node, bool)):
        return ERASED if holds(str(node)) else node
    return node


def _update(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    changes: list[tuple[int, str]],
    counts: dict[str, int],
) -> None:
    if not changes:
        return
    rows = [rowid for rowid, _ in changes]
    if column.table.startswith("parsed_"):
        # A parsed value is a fact about the value itself: without it there is nothing to keep.
        connection.execute(
            f"delete from {column.place} where rowid in (select unnest($rows::bigint[]))", {"rows": rows}
        )
    else:
        connection.execute(
            f"""
            update {column.place} as target set "{column.name}" = changed.text
            from (select unnest($rows::bigint[]) as row, unnest($texts::varchar[]) as text) as changed
            where target.rowid = changed.row
            """,
            {"rows": rows, "texts": [text for _, text in changes]},
        )
    name = f"{column.schema}.{column.table}"
    counts[name] = counts.get(name, 0) + len(changes)
