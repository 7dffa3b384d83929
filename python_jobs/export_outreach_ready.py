"""`dealix export`: writes the approved contacts to a CSV or Excel file and records who got what, and why."""

import csv
import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import duckdb
import phonenumbers

from python_jobs.command_line import Refusal, Session, UsageProblem, by_option, command
from python_jobs.outreach_events import append_events, new_id, parse_priorities, select_dicts
from python_jobs.warehouse.connection import open_writer, utc_now

FILE_COLUMNS = (
    "queue_id",
    "company",
    "contact",
    "channel",
    "email",
    "phone",
    "allowed_hours",
    "message_draft",
    "priority",
    "score",
    "reasons",
    "account_link",
    "approved_by",
    "approved_at",
    "expires_at",
    "sources",
)

# Where the account can be looked at: the API of this machine unless DEALIX_BASE_URL names another.
DEFAULT_BASE_URL = "http://127.0.0.1:8000"

# A cell that begins so is run as a formula by a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
# What a spreadsheet or a careless importer drops before it looks at the first character.
IGNORED_STARTS = " \u00a0\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"

UNFINISHED_EXPORTS = """
    select export_id, export_file, file_sha256, actor
    from raw.outreach_events as started
    where event = 'export_started'
        and not exists (
            from raw.outreach_events as ended
            where ended.export_id = started.export_id
                and ended.event in ('exported', 'export_failed')
        )
    group by all
"""


@dataclass(frozen=True)
class ExportOrder:
    """What was asked for. `priorities` None: every approved item."""

    out: Path
    priorities: Sequence[str] | None
    most: int
    actor: str
    recipient: str
    purpose: str
    replace: bool = False
    again: bool = False


def export_outreach(session: Session, order: ExportOrder) -> dict[str, Any]:
    """Write what the gate shows as exportable at this moment and return what was written.

    Raises UsageProblem for an unusable file name, Refusal with the reason when nothing may leave.
    """
    _check_target(order)
    with open_writer(session.warehouse, "dealix export", session.say) as connection:
        recovered = recover_exports(connection)
        for line in recovered:
            session.say(line)
        # Whoever we waited for may have written this very file: its rows are recorded as exported.
        _check_target(order)
        connection.begin()
        items = _exportable(connection, order)
        if not items:
            reason = _why_nothing(connection, order)
            connection.rollback()
            raise Refusal(reason)
        export_id = new_id("exp")
        content = _as_workbook(items) if order.out.suffix.lower() == ".xlsx" else _as_csv(items)
        details = {
            "export_id": export_id,
            "export_file": str(order.out),
            "file_sha256": hashlib.sha256(content).hexdigest(),
            "recipient": order.recipient,
            "purpose": order.purpose,
        }
        append_events(connection, "export_started", items, order.actor, utc_now(), **details)
        # From here on a kill leaves a fact that the next export settles, and a file it can find.
        connection.commit()
        try:
            _write_file(order.out, partial_file(order.out, export_id), content)
        except OSError as error:
            reason = str(error)
            append_events(
                connection, "export_failed", items, order.actor, utc_now(), reason=reason, **details
            )
            raise UsageProblem(f"{order.out} cannot be written: {reason}.") from error
        connection.begin()
        append_events(connection, "exported", items, order.actor, utc_now(), **details)
        connection.commit()
        receipt = select_dicts(
            connection, "from outreach.export_receipts where export_id = $id", {"id": export_id}
        )[0]
    return {**details, "rows": len(items), "receipt": receipt, "items": items, "recovered": recovered}


def recover_exports(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Settle exports that were interrupted, one sentence for each.

    The file is there as it was meant: its items count as exported. It is not: nothing left the
    warehouse, the items can be exported again, and what was half written is removed.
    """
    told = []
    for export_id, file_name, file_sha256, actor in connection.execute(UNFINISHED_EXPORTS).fetchall():
        target = Path(file_name)
        partial_file(target, export_id).unlink(missing_ok=True)
        arrived = target.is_file() and _sha256(target) == file_sha256
        event = "exported" if arrived else "export_failed"
        items = select_dicts(
            connection,
            "from raw.outreach_events where export_id = $id and event = 'export_started'",
            {"id": export_id},
        )
        connection.begin()
        append_events(
            connection,
            event,
            items,
            actor,
            utc_now(),
            reason="settled after an interruption",
            export_id=export_id,
            export_file=file_name,
            file_sha256=file_sha256,
            recipient=items[0]["recipient"],
            purpose=items[0]["purpose"],
        )
        connection.commit()
        outcome = "it had been written" if arrived else "it was never finished, its items stay approved"
        told.append(f"An interrupted export was settled: {target}: {outcome}.")
    return told


def partial_file(target: Path, export_id: str) -> Path:
    """Where an export is written until it is complete: beside its target, named by the export."""
    return target.with_name(f".{target.name}.{export_id}.part")


def safe_cell(value: object) -> str:
    """The value as a cell that no spreadsheet runs: a leading apostrophe where it would be a formula."""
    text = "" if value is None else str(value)
    start = text.lstrip(IGNORED_STARTS)
    return "'" + text if start.startswith(FORMULA_STARTS) else text


def dialable(e164: str | None) -> str:
    """A phone that a spreadsheet keeps as text and a person can dial: `(+966) 50 123 4567`."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    country, _, rest = written.partition(" ")
    return f"({country}) {rest}"


def _check_target(order: ExportOrder) -> None:
    if order.out.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageProblem(f"{order.out} is no CSV or Excel file name. It has to end in .csv or .xlsx.")
    if not order.out.parent.is_dir():
        raise UsageProblem(f"There is no folder {order.out.parent}. Create it first.")
    if order.out.is_dir():
        raise UsageProblem(f"{order.out} is a folder.")
    if order.out.exists() and not order.replace:
        raise UsageProblem(f"{order.out} exists. Choose another name, or --force to replace it.")


def _exportable(connection: duckdb.DuckDBPyConnection, order: ExportOrder) -> list[dict]:
    source = "outreach_approved" if order.again else "outreach_exportable"
    return select_dicts(
        connection,
        f"""
        select * from outreach.{source}
        where $priorities::varchar[] is null or list_contains($priorities::varchar[], priority)
        order by priority, total_score desc, queue_id
        limit $most
        """,
        {"priorities": order.priorities, "most": order.most},
    )


def _why_nothing(connection: duckdb.DuckDBPyConnection, order: ExportOrder) -> str:
    is_current, reason = connection.execute(
        "select is_current, reason from compliance.build_status"
    ).fetchone()
    if not is_current:
        return f"Nothing may be exported now. {reason}"
    counts = connection.execute(
        "select status, count(*) from outreach.outreach_queue group by status order by status"
    ).fetchall()
    if not counts:
        return "The queue is empty. Fill it with `dealix prepare --persist`."
    standing = ", ".join(f"{number} {status}" for status, number in counts)
    asked = f" in {','.join(order.priorities)}" if order.priorities else ""
    return f"Nothing is approved for export{asked}. The queue has {standing}; see `dealix queue`."


def _as_csv(items: Sequence[dict]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(FILE_COLUMNS)
    writer.writerows(map(_cells, items))
    # The byte order mark tells spreadsheets that the Arabic text is UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _as_workbook(items: Sequence[dict]) -> bytes:
    # Imported here: it is needed for this kind of file only.
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "outreach"
    sheet.append(FILE_COLUMNS)
    for item in items:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub(" ", cell) for cell in _cells(item)])
    # Text throughout: nothing is a formula, and no phone or id becomes a number.
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s"
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _cells(item: dict) -> list[str]:
    """The item's cells in the order of FILE_COLUMNS, each safe to open in a spreadsheet."""
    base_url = os.environ.get("DEALIX_BASE_URL", DEFAULT_BASE_URL).rstrip("/")
    cells = {
        **item,
        "company": item["company_name"],
        "contact": item["contact_name"],
        "phone": dialable(item["phone_e164"]),
        "score": item["total_score"],
        "account_link": f"{base_url}/api/v1/data/accounts/{item['account_id']}",
        "approved_at": f"{item['approved_at']:%Y-%m-%d %H:%M} UTC",
        "expires_at": f"{item['approval_expires_at']:%Y-%m-%d %H:%M} UTC",
        "sources": item.get("source_names"),
    }
    return [safe_cell(cells[column]) for column in FILE_COLUMNS]


def _write_file(target: Path, partial: Path, content: bytes) -> None:
    # Contacts are personal data: readable by their owner only, complete or not there at all.
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@command("export")
@click.option("--priority", metavar="P0,P1", help="Only these priorities. Default: every one.")
@click.option("--max", "most", default=50, show_default=True, type=click.IntRange(1), help="At most so many.")
@click.option("--out", required=True, metavar="FILE", help="The file to write, .csv or .xlsx.")
@click.option("--recipient", help="Who gets the file; recorded. Default: your name.")
@click.option("--purpose", default="manual outreach", show_default=True, help="What for; recorded.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@click.option("--again", is_flag=True, help="Also what was exported before, if its approval still holds.")
@by_option
def main(
    session: Session,
    priority: str | None,
    most: int,
    out: str,
    recipient: str | None,
    purpose: str,
    force: bool,
    again: bool,
    by: str,
) -> int:
    """Export approved contacts as a CSV or Excel file, best first.

    Only what is approved by a person, let pass by every rule at this moment and based on a current
    build leaves the warehouse, and only once unless you say --again. Each row's export is recorded
    with recipient, purpose and time; the receipt stands in outreach.export_receipts.
    """
    if not purpose.strip():
        raise UsageProblem("An export needs a purpose; it is recorded.")
    order = ExportOrder(
        out=Path(out).expanduser().absolute(),
        priorities=parse_priorities(priority) if priority else None,
        most=most,
        actor=by,
        recipient=(recipient or "").strip() or by,
        purpose=purpose.strip(),
        replace=force,
        again=again,
    )
    document = export_outreach(session, order)
    session.answer(
        document,
        f"Exported {document['rows']} contacts to {order.out} for {order.recipient} ({order.purpose}).\n"
        f"Receipt {document['export_id']}: by {by}, SHA-256 {document['file_sha256']}.",
    )
    return 0


if __name__ == "__main__":
    main()
