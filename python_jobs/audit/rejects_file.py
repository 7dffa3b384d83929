"""Writes the rows that break the acceptance contract, as the vendor sent them, with what is wrong."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from python_jobs.command_line import UsageProblem
from python_jobs.export_outreach_ready import safe_cell
from python_jobs.landing.column_mapping import SENSITIVE, MappedColumn

REASON_COLUMNS = ("dealix_place", "dealix_is_rejected", "dealix_problems", "dealix_details")
WITHHELD = "[withheld: sensitive]"
BATCH = 10_000


def write_rejects(
    connection: duckdb.DuckDBPyConnection, mapping: Sequence[MappedColumn], target: Path
) -> int:
    """Write the file (UTF-8 with BOM, no cell a spreadsheet would run) and return its number of rows.

    Sensitive cells are not passed on. Raises UsageProblem when the file cannot be written.
    """
    cursor = connection.execute(
        """
        with problems as (
            select check_id, string_agg(problem, '; ' order by term_number) as problems
            from temp.broken_terms
            group by check_id
        )
        select
            checks.place || ' ' || checks.number,
            case when checks.is_acceptable then 'no' else 'yes' end,
            problems.problems,
            checks.details,
            lead_rows.payload,
            lines.line_text
        from problems
        inner join temp.row_checks as checks on problems.check_id = checks.check_id
        left join raw.raw_lead_rows as lead_rows
            on checks.place = 'row' and checks.number = lead_rows.row_number
        left join raw.raw_rejected_lines as lines
            on checks.place = 'line' and checks.number = lines.line_number
        order by checks.check_id
        """
    )
    columns = [entry.column for entry in mapping]
    withheld = {entry.column for entry in mapping if entry.field in SENSITIVE}
    has_sensitive = bool(withheld)
    count = 0
    try:
        with target.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(map(safe_cell, [*REASON_COLUMNS, *columns, "dealix_unreadable_line"]))
            while rows := cursor.fetchmany(BATCH):
                for place, rejected, problems, details, payload, line in rows:
                    values = json.loads(payload) if payload else {}
                    cells = [
                        WITHHELD if column in withheld and values.get(column) else values.get(column)
                        for column in columns
                    ]
                    # What stands where in a broken line is unknown, so it may be the sensitive cell.
                    line = WITHHELD if line and has_sensitive else line
                    writer.writerow(map(safe_cell, [place, rejected, problems, details, *cells, line]))
                count += len(rows)
    except OSError as error:
        raise UsageProblem(f"{target} cannot be written: {error.strerror}.") from error
    return count
