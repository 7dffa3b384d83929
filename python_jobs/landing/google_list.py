"""What of a list from Google may be landed: the place ids and what we searched for. GTOS 3.2.3; SST 14.3.

The rest goes to raw.google_cache while it is fresh, and nowhere once it is not.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from python_jobs.landing.column_mapping import MappedColumn
from python_jobs.landing.folding import fold_header
from python_jobs.landing.lead_file import LeadFile, RejectedLine, RowSource, rewritten
from python_jobs.warehouse.connection import PROJECT_ROOT, utc_now

GOOGLE_TYPES = frozenset({"google_maps", "google_search"})
# Our own query context, by the names under which `dealix discover` writes it.
OUR_COLUMNS = frozenset(
    fold_header(name) for name in ("sector", "city", "query", "query_language", "fetched_at", "expires_at")
)
ENDPOINTS = PROJECT_ROOT / "seeds" / "enrichment" / "enrichment_endpoints.csv"
NO_TEXT = "a line of a list from Google: its text may not be kept"
# Other spellings of what the details of a place are called.
# What graph.live_places reads, by the spellings of lists.
DETAILS = ("name", "international_phone_number", "website", "formatted_address", "business_status", "types")
NAMES = {fold_header(name): name for name in DETAILS} | {
    fold_header(spelling): name
    for spelling, name in {
        "company name": "name", "company": "name", "title": "name", "phone": "international_phone_number",
        "phone number": "international_phone_number", "address": "formatted_address", "url": "website",
    }.items()
}  # fmt: skip


def readable_row_by_row(lead_file: LeadFile, source_type: str) -> LeadFile:
    """The file as the two functions below read it: of Google, rewritten once; of any other kind of source
    unchanged.
    """
    return rewritten(lead_file) if source_type in GOOGLE_TYPES else lead_file


def without_google_content(
    whole: LeadFile, mapping: Sequence[MappedColumn], source_type: str
) -> tuple[LeadFile, Sequence[MappedColumn]]:
    """The file and its mapping as they may be landed; of any other kind of source unchanged."""
    if source_type not in GOOGLE_TYPES:
        return whole, mapping
    kept = _kept_positions(whole.columns, mapping)
    target = whole.rows.path.with_name("without_google_content.csv")
    with (
        whole.rows.path.open(encoding="utf-8", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in csv.reader(source):
            writer.writerow([row[position] for position in kept])
    rejected = [RejectedLine(line.line_number, NO_TEXT, line.reason) for line in whole.rejected_lines]
    rows = RowSource(target, ",", True, 0, whole.rows.row_count, "\n", whole.rows.longest_record)
    columns = tuple(whole.columns[position] for position in kept)
    reduced = replace(
        whole, columns=columns, sample=(), rejected_lines=tuple(rejected), rows=rows, text_path=target,
        records_above=0, delimiter=",", newline="\n",
    )  # fmt: skip
    return reduced, [entry for entry in mapping if entry.column in columns]


def _kept_positions(columns: Sequence[str], mapping: Sequence[MappedColumn]) -> list[int]:
    place_columns = {entry.column for entry in mapping if entry.field == "place_id"}
    return [
        position
        for position, column in enumerate(columns)
        if column in place_columns or fold_header(column) in OUR_COLUMNS
    ]


def cache_google_content(
    connection: duckdb.DuckDBPyConnection,
    whole: LeadFile,
    mapping: Sequence[MappedColumn],
    source_type: str,
    import_id: str,
) -> int:
    """Put the details of places that are still fresh into raw.google_cache; how many those were.

    Fresh: by the row's own `fetched_at`, else by the time of the file, and never longer than the seed
    allows.
    """
    place = next((entry.column for entry in mapping if entry.field == "place_id"), None)
    if source_type != "google_maps" or place is None:
        return 0
    kept = {whole.columns[position] for position in _kept_positions(whole.columns, mapping)}
    hours, now = _content_hours(), utc_now()
    file_time = datetime.fromtimestamp(whole.path.stat().st_mtime, UTC).replace(tzinfo=None)
    count = 0
    with whole.rows.path.open(encoding="utf-8", newline="") as source:
        for number, row in enumerate(csv.reader(source), start=1):
            cells = dict(zip(whole.columns, row, strict=True))
            fetched_at = _fetched_at(cells, file_time)
            expires_at = min(fetched_at, now) + timedelta(hours=hours)
            if not cells[place].strip() or expires_at <= now:
                continue
            content = {
                NAMES.get(fold_header(column), column): cell
                for column, cell in cells.items()
                if column not in kept and cell.strip()
            }
            connection.execute(
                "insert into raw.google_cache values (?, 'google_maps', 'listing', ?, ?, ?, ?)",
                [
                    f"{import_id}:{number}",
                    cells[place].strip(),
                    json.dumps(content, ensure_ascii=False),
                    *(fetched_at, expires_at),
                ],
            )
            count += 1
    return count


def _fetched_at(cells: dict[str, str], otherwise: datetime) -> datetime:
    for column, cell in cells.items():
        if fold_header(column) == fold_header("fetched_at"):
            try:
                return datetime.fromisoformat(cell.strip()).replace(tzinfo=None)
            except ValueError:
                return otherwise
    return otherwise


def _content_hours() -> int:
    with Path(ENDPOINTS).open(encoding="utf-8", newline="") as file:
        return min(
            int(row["content_hours"]) for row in csv.DictReader(file) if row["provider"] == "google_maps"
        )
