"""Writes the rows that break the acceptance contract, as the vendor sent them, with what is wrong."""

import contextlib
import csv
from collections.abc import Sequence
from pathlib import Path

import duckdb

from python_jobs.command_line import UsageProblem
from python_jobs.export_outreach_ready import FORMULA_STARTS, IGNORED_STARTS, safe_cell
from python_jobs.landing.cell_pointer import cell_pointers
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
    columns = [entry.column for entry in mapping]
    withheld = [entry.field in SENSITIVE for entry in mapping]
    cursor = connection.execute(
        f"""
        with problems as (
            select check_id, string_agg(problem, '; ' order by term_number) as problems
            from temp.broken_terms
            group by check_id
        )
        select
            checks.place || ' ' || checks.number,
            case when checks.is_acceptable then 'no' else 'yes' end,
            {_safe("problems.problems")},
            {_safe("checks.details")},
            list_transform(
                coalesce(
                    json_extract_string(lead_rows.payload, {cell_pointers("$columns")}),
                    list_transform($withheld, lambda is_withheld: null)
                ),
                lambda cell, place: case
                    when $withheld[place] and cell <> '' then '{WITHHELD}' else {_safe("cell")}
                end
            ),
            -- What stands where in a broken line is unknown, so it may be the sensitive cell.
            case
                when list_contains($withheld, true) and lines.line_text <> '' then '{WITHHELD}'
                else {_safe("lines.line_text")}
            end
        from problems
        inner join temp.row_checks as checks on problems.check_id = checks.check_id
        -- Joined by equal columns alone: with a constant in the condition every row meets every other.
        left join (
            select 'row' as place, row_number as number, payload from raw.raw_lead_rows
        ) as lead_rows on checks.place = lead_rows.place and checks.number = lead_rows.number
        left join (
            select 'line' as place, line_number as number, line_text from raw.raw_rejected_lines
        ) as lines on checks.place = lines.place and checks.number = lines.number
        order by checks.check_id
        """,
        {"columns": columns, "withheld": withheld},
    )
    count = 0
    try:
        with target.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(map(safe_cell, [*REASON_COLUMNS, *columns, "dealix_unreadable_line"]))
            while rows := cursor.fetchmany(BATCH):
                writer.writerows([*said, *cells, line] for *said, cells, line in rows)
                count += len(rows)
    except OSError as error:
        # Half of it would look like all of it.
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise UsageProblem(f"{target} cannot be written: {error.strerror}.") from error
    return count


def _safe(text: str) -> str:
    """SQL for what safe_cell does: millions of cells one by one in Python take longer than the audit."""
    ignored, starts = (
        "".join(f"\\x{{{ord(letter):x}}}" for letter in letters)
        for letters in (IGNORED_STARTS, FORMULA_STARTS)
    )
    return f"""
        case when regexp_matches({text}, '^[{ignored}]*[{starts}]') then chr(39) || {text} else {text} end
    """
