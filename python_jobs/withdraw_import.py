"""`dealix withdraw`: takes an import out of the lead graph. Its rows stay; what depended on it is blocked."""

from typing import Any

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
from python_jobs.outreach_events import new_id, printable, select_dicts
from python_jobs.warehouse.connection import open_reader, open_writer, utc_now


def preview(session: Session, import_id: str) -> dict[str, Any]:
    """The import, its withdrawal if there was one, and what depends on it (None: not built yet).

    Raises UsageProblem for an unknown import.
    """
    with open_reader(session.warehouse, session.say) as connection:
        found = _import(connection, import_id)
        try:
            reach = select_dicts(
                connection,
                "select * from reporting.import_reach where import_id = $import_id",
                {"import_id": import_id},
            )
        except duckdb.CatalogException:
            reach = []
    return {**found, "reach": reach[0] if reach else None}


def withdraw(session: Session, import_id: str, reason: str, actor: str) -> dict[str, Any]:
    """Land the withdrawal, unless there is one already; returns the import with it.

    Raises UsageProblem for an unknown import.
    """
    with open_writer(session.warehouse, "dealix withdraw", session.say) as connection:
        connection.begin()
        found = _import(connection, import_id)
        if found["withdrawal"] is None:
            connection.execute(
                """
                insert into raw.import_events (event_id, import_id, event, reason, actor, occurred_at)
                values (?, ?, 'withdrawn', ?, ?, ?)
                """,
                [new_id("iev"), import_id, reason, actor, utc_now()],
            )
            status = "withdrawn"
        else:
            status = "already_withdrawn"
        found = _import(connection, import_id)
        connection.commit()
    return {"status": status, **found}


def _import(connection: duckdb.DuckDBPyConnection, import_id: str) -> dict[str, Any]:
    values = {"import_id": import_id}
    found = select_dicts(
        connection,
        """
        select import_id, source_name, source_type, customer, file_name, rows_landed, imported_by, imported_at
        from raw.raw_lead_imports where import_id = $import_id
        """,
        values,
    )
    if not found:
        raise UsageProblem(f"There is no import {import_id}. `dealix report` lists the imports.")
    withdrawals = select_dicts(
        connection,
        """
        select event_id, reason, actor, occurred_at
        from raw.import_events where import_id = $import_id and event = 'withdrawn'
        order by occurred_at, event_id limit 1
        """,
        values,
    )
    return {**found[0], "withdrawal": withdrawals[0] if withdrawals else None}


def preview_text(document: dict[str, Any]) -> str:
    """What a withdrawal would affect, for a person."""
    lines = [
        printable(
            f"Import {document['import_id']}: {document['source_name']} ({document['source_type']}), "
            f"{document['file_name']}, {document['rows_landed']:,} rows, "
            f"landed {document['imported_at']:%Y-%m-%d %H:%M} UTC by {document['imported_by']}."
        )
    ]
    reach = document["reach"]
    if reach is None:
        return "\n".join([*lines, "  What depends on it is not known yet: there has been no `dealix run`."])
    lines += [
        f"  accounts: {reach['accounts']:,} have rows of it, {reach['accounts_lost']:,} of them nothing else",
        f"  contacts: {reach['contacts']:,}, {reach['contacts_lost']:,} of them known from nothing else",
        f"  queue: {reach['items_queued']:,} waiting and {reach['items_approved']:,} approved items "
        "of these accounts",
        f"  exported already: {reach['items_exported']:,} items in {reach['exports']:,} exports",
    ]
    if reach["export_files"]:
        lines.append(printable(f"    {reach['export_files']}"))
    if reach["rows_opted_out"]:
        lines.append(
            f"  {reach['rows_opted_out']:,} of its rows say that they want no contact; that ends with the "
            "import. Whoever is to stay out: dealix suppress, first."
        )
    return "\n".join(lines)


def as_text(document: dict[str, Any]) -> str:
    """What was done, for a person."""
    withdrawal = document["withdrawal"]
    if document["status"] == "already_withdrawn":
        return printable(
            f"Nothing to do: {document['import_id']} was withdrawn on "
            f"{withdrawal['occurred_at']:%Y-%m-%d %H:%M} UTC by {withdrawal['actor']}: {withdrawal['reason']}"
        )
    return (
        f"Withdrawn: {document['import_id']}. What depends on it is blocked from now on; its rows stay.\n"
        "Next: dealix run, which leaves it out of the graph. To take it back: dealix import FILE ... --again"
    )


@command("withdraw")
@click.argument("import_id", metavar="IMPORT")
@click.option("--reason", required=True, help="Why; recorded.")
@click.option("--yes", is_flag=True, help="Do not ask. Needed with --json and where nobody can be asked.")
@by_option
def main(session: Session, import_id: str, reason: str, yes: bool, by: str) -> int:
    """Take an import out of the lead graph, after showing what depends on it.

    Its accounts are blocked at once; the next `dealix run` leaves its rows out, with the consent and
    the risk that only they brought. The rows themselves stay. Exit 1 when you say no.
    """
    if not reason.strip():
        raise UsageProblem("A withdrawal needs a reason.")
    seen = preview(session, import_id)
    if seen["withdrawal"] is None:
        if not session.as_json:
            session.say(preview_text(seen))
        if not yes:
            if session.as_json or not someone_can_be_asked():
                raise UsageProblem("Nobody can be asked here: say --yes to withdraw the import.")
            if not click.confirm("Withdraw it?", err=True):
                raise Refusal("Nothing was changed.")
    document = {**withdraw(session, import_id, reason.strip(), by), "reach": seen["reach"]}
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
