"""`dealix erase`: takes a person's data out of the warehouse, physically, and keeps the opt-out."""

import contextlib
import mmap
import re
import zipfile
from pathlib import Path
from typing import IO, Any

import click
import duckdb

from python_jobs.command_line import (
    Refusal,
    Session,
    UsageProblem,
    by_option,
    command,
    someone_can_be_asked,
)
from python_jobs.export_outreach_ready import recover_exports
from python_jobs.landing.keyed_hash import HashKey, open_key, read_key
from python_jobs.landing.land_values import land_values_of_all_imports
from python_jobs.outreach_events import new_id, select_dicts
from python_jobs.publish_copy import publish_to
from python_jobs.rights.held_values import erase_person_cells, erase_values, held_in, text_columns
from python_jobs.rights.requests import record_step
from python_jobs.rights.subject_values import SubjectValues, read_subject, widen_to_contact
from python_jobs.warehouse.connection import WarehouseError, open_reader, open_writer, utc_now
from python_jobs.warehouse.dbt_runner import WHOLE_BUILD, run_dbt
from python_jobs.warehouse.published_copy import published_files
from python_jobs.warehouse.rewrite_file import rewrite_file

# How much of a file within a file is looked through at once, and the longest value that could stand over the
# end of it (an address has 254 characters at most: RFC 3696, errata).
PIECE = 1 << 20
LONGEST_VALUE = 400


def preview_erasure(session: Session, text: str) -> dict[str, Any]:
    """What an erasure would take out: cells by table, and queue items and exports of the contact."""
    asked = read_subject(text)
    with open_reader(session.warehouse, session.say) as connection:
        key = read_key(connection, session.warehouse)
        if key is None:
            raise Refusal("Nothing was ever landed in this warehouse.")
        subject, contact_ids = widen_to_contact(connection, asked, key)
        return {"subject": subject.masked(), **_held(connection, subject, contact_ids)}


def erase(session: Session, text: str, reason: str, actor: str) -> dict[str, Any]:
    """Take every value of the person out of raw tables, rebuild what is derived, write the file anew.

    Keeps the keyed hash of each value, so that whatever is imported later stays blocked. Raises
    UsageProblem for an actor named by a value, WarehouseError when a value is still found afterwards: the
    request then stays open.
    """
    asked = read_subject(text)
    with open_writer(session.warehouse, "dealix erase", session.say) as connection:
        key = open_key(connection, session.warehouse, actor)
        # Half of a file that a killed export left behind is removed, and a whole one is told.
        for line in recover_exports(connection):
            session.say(line)
        subject, contact_ids = widen_to_contact(connection, asked, key)
        held = _held(connection, subject, contact_ids)
        if subject.stand_in(actor):
            # Who did it is kept for ever, and would be a byte of the value.
            raise UsageProblem("--by names the person to be erased. Say who does it in another way.")
        if subject.stand_in(reason):
            reason = "(not kept: it named the subject)"
        connection.begin()
        record_step(connection, "erasure", "requested", subject, key, reason, actor)
        _land_events(connection, "requested", subject, key, reason, actor)
        if subject.names:
            erase_person_cells(connection, contact_ids)
        erased = erase_values(connection, subject)
        connection.commit()
        session.say("Taken out of the raw tables; rebuilding everything that was derived from them.")
        land_values_of_all_imports(connection, actor=actor, progress=session.say)
        run_dbt(session.warehouse, [*WHOLE_BUILD, "--full-refresh"], session.say)
        if left := _still_held(connection, subject):
            raise WarehouseError(
                f"The erasure is not complete: {', '.join(left)} still hold a value. The request stays open."
            )
        published = published_files(connection)
        for copy in published:
            try:
                publish_to(connection, session.warehouse, copy, "an erasure", actor)
            except (OSError, duckdb.Error) as error:
                raise WarehouseError(
                    f"The erasure is not complete: the published copy {copy} cannot be written anew "
                    f"({str(error).splitlines()[0]}). Make it writable or delete it, then erase again."
                ) from error
        connection.begin()
        _land_events(connection, "completed", subject, key, reason, actor)
        request_ids = record_step(connection, "erasure", "completed", subject, key, reason, actor)
        connection.commit()
        rewrite_file(connection, session.warehouse)
    return {
        "status": "erased",
        "subject": subject.masked(),
        "request_ids": request_ids,
        "cells": erased,
        "published_copies": [str(copy) for copy in published],
        "export_files": held["export_files"],
        "other_files": [
            # The warehouse was searched cell by cell, and its file is new.
            str(path)
            for path in files_that_hold(session.warehouse.parent, subject)
            if path != session.warehouse
        ],
    }


def request_erasure(session: Session, text: str, reason: str, actor: str) -> dict[str, Any]:
    """Land the request only: the contact is blocked at once, and the 30 days run."""
    subject = read_subject(text)
    with open_writer(session.warehouse, "dealix erase", session.say) as connection:
        connection.begin()
        key = open_key(connection, session.warehouse, actor)
        request_ids = record_step(connection, "erasure", "requested", subject, key, reason, actor)
        _land_events(connection, "requested", subject, key, reason, actor)
        connection.commit()
    return {"status": "requested", "subject": subject.masked(), "request_ids": request_ids}


def files_that_hold(folder: Path, subject: SubjectValues) -> list[Path]:
    """Files in a folder, at any depth, in which a value stands: copies, exports, backups, Excel files too."""
    values = (*subject.spelt_emails, *subject.phones, *subject.national_numbers)
    pattern = re.compile(b"|".join(re.escape(value.encode()) for value in values), re.IGNORECASE)
    found = []
    for path in sorted(folder.rglob("*")):
        # What cannot be read is told by nobody: an empty file has nothing to map either.
        with contextlib.suppress(OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            if path.is_file() and not path.is_symlink() and _holds(path, pattern):
                found.append(path)
    return found


def _holds(path: Path, pattern: re.Pattern[bytes]) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if pattern.search(content):
            return True
        if content[:4] != b"PK\x03\x04":
            return False
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            with archive.open(member) as stream:
                if _stands_in(stream, pattern):
                    return True
    return False


def _stands_in(stream: IO[bytes], pattern: re.Pattern[bytes]) -> bool:
    # In pieces: a member may unpack to more than memory holds.
    before = b""
    while piece := stream.read(PIECE):
        if pattern.search(before + piece):
            return True
        before = piece[-LONGEST_VALUE:]
    return False


def _held(
    connection: duckdb.DuckDBPyConnection, subject: SubjectValues, contact_ids: list[str]
) -> dict[str, Any]:
    cells: dict[str, int] = {}
    for column in text_columns(connection):
        if found := sum(1 for _ in held_in(connection, column, subject)):
            name = f"{column.schema}.{column.table}"
            cells[name] = cells.get(name, 0) + found
    outreach = select_dicts(
        connection,
        """
        select
            count(distinct queue_id) as queue_items,
            list_sort(coalesce(list(distinct export_file) filter (where event = 'exported'), []))
                as export_files
        from raw.outreach_events
        where list_contains($ids::varchar[], contact_id)
        """,
        {"ids": contact_ids},
    )[0]
    return {"contacts": len(contact_ids), "cells": cells, **outreach}


def _still_held(connection: duckdb.DuckDBPyConnection, subject: SubjectValues) -> list[str]:
    return sorted(
        {
            f"{column.schema}.{column.table}"
            for column in text_columns(connection)
            for _ in held_in(connection, column, subject)
        }
    )


def _land_events(
    connection: duckdb.DuckDBPyConnection,
    event: str,
    subject: SubjectValues,
    key: HashKey,
    reason: str,
    actor: str,
) -> None:
    for hashed, (kind, masked) in subject.hashes(key).items():
        connection.execute(
            "insert into raw.erasure_events values (?, ?, ?, ?, ?, ?, ?, ?)",
            [new_id("era"), event, kind, hashed, masked, reason, actor, utc_now()],
        )


def preview_text(document: dict[str, Any]) -> str:
    """What an erasure would take out, for a person."""
    lines = [f"Erasure of {', '.join(document['subject'])}:"]
    lines += [f"  {table}: {number} cells" for table, number in document["cells"].items()]
    if not document["cells"]:
        lines.append("  nothing is held; the opt-out is recorded all the same")
    lines.append(f"  {document['contacts']} contacts, {document['queue_items']} queue items")
    lines += [f"  left in an export: {file}" for file in document["export_files"]]
    return "\n".join(lines)


def as_text(document: dict[str, Any]) -> str:
    """What was done, for a person."""
    subject = ", ".join(document["subject"])
    if document["status"] == "requested":
        return f"Recorded: {subject} asked to be erased ({document['request_ids'][0]}). Blocked from now on."
    lines = [f"Erased: {subject}. The file was written anew; whatever is imported later stays blocked."]
    lines += [f"  {table}: {number} cells" for table, number in document["cells"].items()]
    lines += [f"Published copy, written anew: {file}" for file in document["published_copies"]]
    lines += [f"Exported before, ask whoever has it: {file}" for file in document["export_files"]]
    lines += [f"Still in a file beside the warehouse, delete it: {file}" for file in document["other_files"]]
    return "\n".join(lines)


@command("erase")
@click.argument("subject")
@click.option("--reason", default="the person asked for it", show_default=True, help="Why; recorded.")
@click.option("--preview", is_flag=True, help="Only show what is held; nothing is changed.")
@click.option("--request-only", is_flag=True, help="Only record the request, to be carried out later.")
@click.option("--yes", is_flag=True, help="Do not ask. Needed with --json and where nobody can be asked.")
@by_option
def main(
    session: Session, subject: str, reason: str, preview: bool, request_only: bool, yes: bool, by: str
) -> int:
    """Erase a person: an email address or phone number, and all that its owner is known by.

    Takes the values out of raw rows, rejected lines, enrichment answers and everything derived, rebuilds,
    and writes the database file and every published copy anew, so that no byte of them is left there.
    Keeps a keyed hash: the person stays opted out. This cannot be undone. Exit 1 when you say no.
    """
    if not reason.strip():
        raise UsageProblem("An erasure needs a reason.")
    if request_only:
        document = request_erasure(session, subject, reason.strip(), by)
        session.answer(document, as_text(document))
        return 0
    held = preview_erasure(session, subject)
    if preview:
        session.answer({"status": "preview", **held}, preview_text(held))
        return 0
    if not session.as_json:
        session.say(preview_text(held))
    if not yes:
        if session.as_json or not someone_can_be_asked():
            raise UsageProblem("Nobody can be asked here: say --yes to erase.")
        if not click.confirm("Erase it? This cannot be undone.", err=True):
            raise Refusal("Nothing was changed.")
    document = erase(session, subject, reason.strip(), by)
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
