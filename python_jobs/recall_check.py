"""`dealix recall-check`: which rows of an exported file may not be used any more."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import duckdb

from python_jobs.command_line import ANSWER_NO, OK, Session, UsageProblem, command
from python_jobs.landing.folding import fold_header
from python_jobs.landing.handed_list import read_list
from python_jobs.landing.keyed_hash import HashKey, read_key
from python_jobs.landing.local_phones import numbers_anywhere
from python_jobs.landing.parse_emails import parse_emails
from python_jobs.landing.parse_phones import parse_phones
from python_jobs.outreach_events import printable
from python_jobs.warehouse.connection import open_reader

# What a column of the file is recognised as -> what a row is told and judged by.
FIELD_NAMES = {"email": "email", "phone": "phone", "company_name": "company"}


def recall_check(session: Session, path: Path) -> dict[str, Any]:
    """Each row of the file with `is_recalled` and `reason`: what the gate says of it at this moment.

    A row is judged by its queue id and, whatever became of that, by its email and phone; one that names
    nobody readable cannot be checked and counts as recalled. Raises UsageProblem for a file without any
    of the three columns.
    """
    rows = _read_rows(path)
    with open_reader(session.warehouse, session.say) as connection:
        key = read_key(connection, session.warehouse)
        judged = _judge(connection, [_subjects(row, key) for row in rows])
    checked = [
        {
            "row": row["row"],
            "queue_id": row.get("queue_id") or None,
            "company": row.get("company") or None,
            "is_recalled": reason is not None,
            "reason": reason,
        }
        for row, reason in zip(rows, judged, strict=True)
    ]
    recalled = sum(row["is_recalled"] for row in checked)
    return {"file": str(path), "rows": len(checked), "recalled": recalled, "checked": checked}


def _read_rows(path: Path) -> list[dict[str, Any]]:
    listed = read_list(path)
    named = {
        column: "queue_id" if fold_header(column) == "queueid" else FIELD_NAMES.get(field)
        for column, field in listed.fields.items()
    }
    if not {"queue_id", "email", "phone"} & set(named.values()):
        raise UsageProblem(f"{path} has none of the columns queue_id, email, phone: it is no export of ours.")
    rows = []
    for line in listed.lines:
        if line.cells:
            row: dict[str, Any] = {"row": line.row_number}
            for column, cell in line.cells.items():
                if (name := named[column]) and cell:
                    row[name] = " / ".join(filter(None, [row.get(name), cell.removeprefix("'")]))
            rows.append(row)
        elif rows or any(parse(line.text)[0].is_valid for parse in (parse_emails, parse_phones)):
            # Not a title above the header: a line that is no row, and may be about anybody in it.
            rows.append({"row": line.row_number, "email": line.text, "phone": line.text})
    return rows


def _subjects(row: dict[str, Any], key: HashKey | None) -> dict[str, Any]:
    points, domains = [], []
    if key is not None:
        for part in parse_emails(row.get("email", "")):
            if part.is_valid:
                points.append(key.email(part.email))
                domains.append(key.domain(part.registrable_domain or part.email_domain))
        # Without country code it may be the number of somebody in any of the states who opted out.
        points += map(key.phone, numbers_anywhere(row.get("phone", "")))
    return {"queue_id": row.get("queue_id", ""), "points": points, "domains": domains}


def _judge(connection: duckdb.DuckDBPyConnection, subjects: Sequence[dict]) -> list[str | None]:
    """Per row why it may not be used any more; None when it still may."""
    values = {
        "numbers": list(range(len(subjects))),
        "queue_ids": [subject["queue_id"] for subject in subjects],
        **{
            f"{name}_{what}": [
                number if what == "numbers" else hashed
                for number, subject in enumerate(subjects)
                for hashed in subject[name]
            ]
            for name in ("points", "domains")
            for what in ("numbers", "hashes")
        },
    }
    found = connection.execute(
        """
        with rows as (
            select
                unnest($numbers::bigint[]) as number,
                unnest($queue_ids::varchar[]) as queue_id
        ),

        points as materialized (
            select unnest($points_numbers::bigint[]) as number, unnest($points_hashes::varchar[]) as hash
        ),

        hashes as (
            from points
            union all
            select unnest($domains_numbers::bigint[]), unnest($domains_hashes::varchar[])
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
        ),

        items as materialized (
            select queue_id, contact_id, status, status_reason, verdict, reasons
            from outreach.outreach_queue
            where queue_id in (select queue_id from rows)
        ),

        -- Who is known by this mailbox or number may be blocked by another one. Of an item that is its
        -- own verdict; a point that is not its contact's was put into the row by somebody.
        blocked as (
            select
                points.number,
                min('blocked: ' || verdicts.reasons) as reason
            from points
            inner join rows on points.number = rows.number
            inner join graph.contact_identifiers as identifiers on points.hash = identifiers.hash
            inner join compliance.live_verdicts as verdicts
                on identifiers.contact_id = verdicts.contact_id
            inner join reference.channel_policy as channels
                on verdicts.channel = channels.channel and channels.outbound_allowed
            where verdicts.verdict = 'blocked'
                and not exists (
                    from items
                    inner join graph.contact_identifiers as own on items.contact_id = own.contact_id
                    where items.queue_id = rows.queue_id and own.hash = points.hash
                )
            group by points.number
        )

        select
            coalesce(
                suppressed.reason,
                case
                    when rows.queue_id <> '' and item.queue_id is null
                        then 'not in the queue: ' || rows.queue_id
                    when item.verdict = 'blocked' then 'blocked: ' || item.reasons
                    when item.status = 'rejected' then item.status_reason
                    when item.queue_id is null and rows.number not in (select number from points)
                        then 'cannot be checked: no queue id, email or phone that can be read'
                    else blocked.reason
                end
            )
        from rows
        left join suppressed on rows.number = suppressed.number
        left join blocked on rows.number = blocked.number
        left join items as item on rows.queue_id = item.queue_id
        order by rows.number
        """,
        values,
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

    FILE is what `dealix export` wrote, saved again by whatever program, or any list with a column for emails
    or phones. Exit 1 when a row may not be used any more, or cannot be checked.
    """
    document = recall_check(session, file)
    session.answer(document, as_text(document))
    return ANSWER_NO if document["recalled"] else OK


if __name__ == "__main__":
    main()
