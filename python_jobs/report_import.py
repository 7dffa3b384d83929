"""`dealix report`: what became of the imports, and the way from rows to exports in numbers."""

from typing import Any

import click

from python_jobs.command_line import Session, UsageProblem, command
from python_jobs.outreach_events import select_dicts
from python_jobs.warehouse.connection import open_reader


def report(session: Session, import_id: str | None) -> dict[str, Any]:
    """The import report (None: of every import, newest first) and the funnel of the whole warehouse.

    Raises UsageProblem for an unknown import.
    """
    with open_reader(session.warehouse, session.say) as connection:
        imports = select_dicts(
            connection,
            """
            select * from reporting.import_report
            where $import_id is null or import_id = $import_id
            order by imported_at desc, import_id
            """,
            {"import_id": import_id},
        )
        funnel = select_dicts(connection, "from reporting.pipeline_funnel order by step_number", {})
    if import_id and not imports:
        raise UsageProblem(f"There is no import {import_id}. `dealix report` lists the imports.")
    return {"imports": imports, "funnel": funnel}


def as_text(document: dict[str, Any]) -> str:
    """The document for a person."""
    lines = [] if document["imports"] else ["Nothing was imported yet: dealix import FILE ..."]
    for row in document["imports"]:
        state = "withdrawn" if row["is_withdrawn"] else "" if row["is_built"] else "not built yet"
        lines.append(
            f"{row['import_id']}  {row['source_name']} ({row['source_type']})"
            + (f" for {row['customer']}" if row["customer"] else "")
            + f", {row['imported_at']:%Y-%m-%d %H:%M} UTC by {row['imported_by']}"
            + (f", {state}" if state else "")
        )
        if not row["is_built"]:
            lines.append(f"    rows: {row['rows_total']} in the file{unchanged(row)}. Next: dealix run")
            continue
        lines.append(
            f"    rows: {row['rows_total']} in the file, {row['rows_accepted']} accepted,"
            f" {row['rows_rejected']} rejected, {row['rows_duplicate']} duplicates" + unchanged(row)
        )
        priorities = ", ".join(f"P{n} {row[f'priority_p{n}']}" for n in range(4))
        lines.append(
            f"    accounts: {row['accounts_new']} new, {row['accounts_matched']} known; {priorities}"
        )
        lines.append(
            f"    allowed use {row['allowed_use']}, consent {row['consent_status']}, risk {row['risk_level']}"
        )
    lines.append(" -> ".join(f"{step['step']} {step['count']}" for step in document["funnel"]))
    return "\n".join(lines)


def unchanged(row: dict[str, Any]) -> str:
    """How many rows an earlier list of the source holds too, as the end of a clause; nothing for none."""
    return f", {row['rows_unchanged']} as in an earlier list" if row["rows_unchanged"] else ""


@command("report")
@click.argument("import_id", required=False, metavar="[IMPORT]")
def main(session: Session, import_id: str | None) -> int:
    """Report one import or all of them: rows, accounts, priorities; and the funnel to the exports."""
    document = report(session, import_id)
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
