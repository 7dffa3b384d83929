"""What a person decided about the columns of a source the last time: kept with the import, used again."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb

from python_jobs.landing.column_mapping import known_fields
from python_jobs.warehouse.connection import open_reader


def saved_mapping(
    connection: duckdb.DuckDBPyConnection, source_name: str, imports: str = "raw.raw_lead_imports"
) -> dict[str, str | None]:
    """Column -> field or None, of the last import of the source that came with a mapping file.

    An import that was withdrawn does not count: its mapping may be why. `imports` names the table.
    """
    found = connection.execute(
        f"""
        select column_mapping
        from {imports} as imports
        where
            source_name = ?
            and list_contains(json_extract_string(column_mapping, '$[*].origin'), 'file')
            and import_id not in (
                select import_id
                from {imports.replace("raw_lead_imports", "import_events")}
                where event = 'withdrawn'
            )
        order by imported_at desc, import_id desc
        limit 1
        """,
        [source_name],
    ).fetchone()
    return {
        entry["column"]: entry["field"]
        for entry in (json.loads(found[0]) if found else [])
        if entry["origin"] == "file" and (entry["field"] is None or entry["field"] in known_fields())
    }


def read_saved_mapping(
    warehouse: Path, source_name: str, notify: Callable[[str], None]
) -> dict[str, str | None]:
    """The same for a job that does not write; nothing when there is no warehouse or no import yet."""
    if not warehouse.exists():
        return {}
    with open_reader(warehouse, notify) as connection:
        try:
            return saved_mapping(connection, source_name)
        except duckdb.CatalogException:
            return {}
