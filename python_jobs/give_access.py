"""`dealix access`: everything that is held about a person, as one file to give to that person."""

import json
import os
from pathlib import Path
from typing import Any

import click
import duckdb

from python_jobs.command_line import (
    ANSWER_NO,
    OK,
    Refusal,
    Session,
    UsageProblem,
    as_json_value,
    by_option,
    command,
)
from python_jobs.explain_contact import explain
from python_jobs.landing.keyed_hash import open_key
from python_jobs.outreach_events import select_dicts
from python_jobs.rights.held_values import held_in, text_columns
from python_jobs.rights.requests import record_step
from python_jobs.rights.subject_values import SubjectValues, read_subject, widen_to_contact
from python_jobs.warehouse.connection import open_reader, open_writer, utc_now


def everything_held(
    connection: duckdb.DuckDBPyConnection, subject: SubjectValues, contact_ids: list[str]
) -> dict[str, Any]:
    """Every raw row that holds a value of the person, by table, and who received the contact."""
    held: dict[str, dict[int, dict]] = {}
    for column in text_columns(connection, only_raw=True):
        rowids = [rowid for rowid, _ in held_in(connection, column, subject)]
        if rowids:
            query = f"""
                select rowid as row, * from {column.place} where rowid in (select unnest($rows::bigint[]))
            """
            rows = select_dicts(connection, query, {"rows": rowids})
            held.setdefault(f"raw.{column.table}", {}).update({row.pop("row"): row for row in rows})
    recipients = select_dicts(
        connection,
        """
        select recipient, purpose, actor, occurred_at, export_file from raw.outreach_events
        where event = 'exported' and list_contains($ids::varchar[], contact_id)
        order by occurred_at
        """,
        {"ids": contact_ids},
    )
    return {
        "known_by": {"emails": subject.emails, "phones": subject.phones, "names": subject.names},
        "held": {table: list(rows.values()) for table, rows in held.items()},
        "recipients": recipients,
    }


def give_access(session: Session, text: str, out: Path, reason: str, actor: str) -> dict[str, Any]:
    """Write the file and record that the request was answered; one request of a subject at a time.

    Raises UsageProblem when the file exists or cannot be written: then nothing is recorded as answered.
    """
    asked = read_subject(text)
    try:
        certificate = explain(session, text)
    except Refusal:
        certificate = None
    with open_writer(session.warehouse, "dealix access", session.say) as connection:
        key = open_key(connection, session.warehouse, actor)
        subject, contact_ids = widen_to_contact(connection, asked, key)
        record_step(connection, "access", "requested", asked, key, reason, actor)
        document = {
            "subject": text,
            "given_at": utc_now(),
            **everything_held(connection, subject, contact_ids),
            "certificate": certificate,
        }
        _write(document, out)
        request_ids = record_step(connection, "access", "completed", asked, key, reason, actor)
    return {
        "status": "given",
        "request_ids": request_ids,
        "file": str(out),
        "rows": sum(map(len, document["held"].values())),
    }


def _write(document: dict[str, Any], out: Path) -> None:
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            json.dump(document, file, ensure_ascii=False, indent=2, default=as_json_value)
    except FileExistsError as error:
        raise UsageProblem(f"{out} exists. Choose another name.") from error
    except OSError as error:
        raise UsageProblem(f"{out} cannot be written: {error.strerror}.") from error


def request_access(session: Session, text: str, reason: str, actor: str) -> dict[str, Any]:
    """Land the request only: the 30 days run."""
    subject = read_subject(text)
    with open_writer(session.warehouse, "dealix access", session.say) as connection:
        key = open_key(connection, session.warehouse, actor)
        request_ids = record_step(connection, "access", "requested", subject, key, reason, actor)
    return {"status": "requested", "request_ids": request_ids}


def overdue_requests(session: Session) -> list[dict]:
    """Requests of persons that are older than the law allows and open."""
    with open_reader(session.warehouse, session.say) as connection:
        return select_dicts(
            connection, "select subject, evidence from compliance.rights_request_late order by subject"
        )


@command("access")
@click.argument("subject", required=False)
@click.option("--out", metavar="FILE.json", type=click.Path(path_type=Path), help="The file to write.")
@click.option("--request-only", is_flag=True, help="Only record the request, to be answered later.")
@click.option("--overdue", is_flag=True, help="List the requests that are late; needs no subject.")
@click.option("--reason", default="asked for access", show_default=True, help="Why; recorded.")
@by_option
def main(
    session: Session,
    subject: str | None,
    out: Path | None,
    request_only: bool,
    overdue: bool,
    reason: str,
    by: str,
) -> int:
    """Write everything that is held about a person to a file: an email address or phone number.

    The file has every raw row, what was made of it, the opt-outs, consents, approvals and exports, and
    who received it. The request and its answer are recorded. --overdue: exit 1 when a request is late.
    """
    if overdue:
        late = overdue_requests(session)
        lines = [f"{request['subject']}: {request['evidence']}" for request in late]
        session.answer({"overdue": late}, "\n".join(lines) or "No request is late.")
        return ANSWER_NO if late else OK
    if subject is None:
        raise UsageProblem("Name a subject: an email address or a phone number.")
    if request_only:
        document = request_access(session, subject, reason, by)
        session.answer(document, f"Recorded: {document['request_ids'][0]}.")
        return OK
    if out is None:
        raise UsageProblem("Say where to: --out FILE.json.")
    document = give_access(session, subject, out, reason, by)
    session.answer(
        document,
        f"Written: {out}, {document['rows']} raw rows and the certificate. "
        f"Recorded as {', '.join(document['request_ids'])}.",
    )
    return OK


if __name__ == "__main__":
    main()
