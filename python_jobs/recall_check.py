"""`dealix recall-check`: which rows of an exported file may not be used any more."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import duckdb

from python_jobs.command_line import ANSWER_NO, OK, Session, UsageProblem, command
from python_jobs.landing.keyed_hash import HashKey, read_key
from python_jobs.landing.parse_emails import parse_emails
from python_jobs.landing.parse_phones import parse_phones
from python_jobs.outreach_events import printable
from python_jobs.warehouse.connection import open_reader


def recall_check(session: Session, path: Path) -> dict[str, Any]:
    """Each row of the file with `is_recalled` and `reason`: what the gate says of it at this moment.

    A row is judged by its queue id and, whatever became of that, by its email and phone. Raises
    UsageProblem for a file without any of the three.
    """
    rows = _read_rows(path)
    with open_reader(session.warehouse, session.say) as connection:
        key = read_key(connection, session.warehouse)
        judged = _judge(connection, [_subjects(row, key) for row in rows])
    checked = [
        {
            "row": number,
            "queue_id": row.get("queue_id") or None,
            "company": row.get("company") or None,
            "is_recalled": reason is not None,
            "reason": reason,
        }
        for number, (row, reason) in enumerate(zip(rows, judged, strict=True), start=2)
    ]
    recalled = sum(row["is_recalled"] for row in checked)
    return {"file": str(path), "rows": len(checked), "recalled": recalled, "checked": checked}


def _read_rows(path: Path) -> list[dict[str, str]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageProblem(f"{path} cannot be read: {error.strerror}.") from error
    cells = _workbook_cells(path, content) if content.startswith(b"PK") else _csv_cells(path, content)
    if not cells:
        raise UsageProblem(f"{path} is empty.")
    header = [name.strip().lower() for name in cells[0]]
    if not {"queue_id", "email", "phone"} & set(header):
        raise UsageProblem(f"{path} has none of the columns queue_id, email, phone: it is no export of ours.")
    return [
        {name: cell.strip().removeprefix("'") for name, cell in zip(header, row, strict=False)}
        for row in cells[1:]
        if any(cell.strip() for cell in row)
    ]


def _csv_cells(path: Path, content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageProblem(f"{path} is not UTF-8 text. Save it as CSV UTF-8.") from error
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _workbook_cells(path: Path, content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).active
    except Exception as error:  # openpyxl raises whatever the broken part raises
        raise UsageProblem(f"{path} cannot be read as an Excel file: {error}.") from error
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _subjects(row: dict[str, str], key: HashKey | None) -> dict[str, Any]:
    hashes = []
    if key is not None:
        for part in parse_emails(row.get("email", "")):
            if part.is_valid:
                hashes += [key.email(part.email), key.domain(part.registrable_domain or part.email_domain)]
        hashes += [key.phone(part.e164) for part in parse_phones(row.get("phone", "")) if part.is_valid]
    return {"queue_id": row.get("queue_id", ""), "hashes": hashes}


def _judge(connection: duckdb.DuckDBPyConnection, subjects: Sequence[dict]) -> list[str | None]:
    """Per row why it may not be used any more; None when it still may."""
    found = connection.execute(
        """
        with rows as (
            select
                unnest($numbers::bigint[]) as number,
                unnest($queue_ids::varchar[]) as queue_id
        ),

        hashes as (
            select unnest($hash_numbers::bigint[]) as number, unnest($hashes::varchar[]) as hash
        ),

        suppressed as (
            select
                hashes.number,
                min(
                    'opted out: ' || opt_outs.masked_display || ' on '
                    || cast(opt_outs.occurred_at as date) || ', ' || opt_outs.reason
                ) as reason
            from hashes
            inner join compliance.suppressions_in_force as opt_outs on hashes.hash = opt_outs.subject_hash
            group by hashes.number
        )

        select
            coalesce(
                suppressed.reason,
                case
                    when rows.queue_id <> '' and item.queue_id is null
                        then 'not in the queue: ' || rows.queue_id
                    when item.verdict = 'blocked' then 'blocked: ' || item.reasons
                    when item.status = 'rejected' then item.status_reason
                end
            )
        from rows
        left join suppressed on rows.number = suppressed.number
        left join outreach.outreach_queue as item on rows.queue_id = item.queue_id
        order by rows.number
        """,
        {
            "numbers": list(range(len(subjects))),
            "queue_ids": [subject["queue_id"] for subject in subjects],
            "hash_numbers": [number for number, subject in enumerate(subjects) for _ in subject["hashes"]],
            "hashes": [hashed for subject in subjects for hashed in subject["hashes"]],
        },
    ).fetchall()
    return [row[0] for row in found]


def as_text(document: dict[str, Any]) -> str:
    """The document for a person."""
    lines = [
        printable(f"row {row['row']}  {row['company'] or row['queue_id'] or ''}: {row['reason']}")
        for row in document["checked"]
        if row["is_recalled"]
    ]
    if not lines:
        return f"All {document['rows']} rows of {document['file']} may still be used."
    return "\n".join(
        [
            *lines,
            f"{document['recalled']} of {document['rows']} rows may not be used any more: take them out.",
        ]
    )


@command("recall-check")
@click.argument("file", type=click.Path(path_type=Path))
def main(session: Session, file: Path) -> int:
    """Check an exported file against the gate as it is now: who opted out or was blocked since?

    FILE is a CSV or Excel file that `dealix export` wrote, or one with a column email or phone. Exit 1
    when a row may not be used any more.
    """
    document = recall_check(session, file)
    session.answer(document, as_text(document))
    return ANSWER_NO if document["recalled"] else OK


if __name__ == "__main__":
    main()
