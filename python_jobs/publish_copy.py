"""`dealix publish`: a copy of the warehouse for BI tools, so that nobody's dashboard blocks an import."""

from pathlib import Path
from typing import Any

import click
import duckdb

from python_jobs.command_line import Refusal, Session, UsageProblem, by_option, command
from python_jobs.outreach_events import new_id
from python_jobs.warehouse.connection import WarehouseError, open_writer, utc_now
from python_jobs.warehouse.published_copy import write_copy


def publish(session: Session, chosen: Path | None, actor: str) -> dict[str, Any]:
    """Write the copy, swap it in and return where it is and from when.

    Raises Refusal when the build is not current (an opt-out of an unbuilt import would be missing in
    the copy), UsageProblem for a place that cannot take it.
    """
    target = target_of(session.warehouse, chosen)
    with open_writer(session.warehouse, "dealix publish", session.say) as connection:
        is_current, reason = connection.execute(
            "select is_current, reason from compliance.build_status"
        ).fetchone()
        if not is_current:
            raise Refusal(f"Nothing was published; an older copy stays as it is. {reason}")
        try:
            published_at = publish_to(connection, session.warehouse, target, "asked for", actor)
        except OSError as error:
            raise UsageProblem(f"{target} cannot be written: {error.strerror or error}.") from error
    return {"status": "published", "path": str(target), "published_at": published_at}


def publish_to(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, target: Path, reason: str, actor: str
) -> Any:
    """Record the publication, then write it: an erasure has to know every place where a copy may be."""
    published_at = utc_now()
    connection.execute(
        "insert into raw.publications (event_id, path, reason, actor, published_at) values (?, ?, ?, ?, ?)",
        [new_id("pub"), str(target), reason, actor, published_at],
    )
    write_copy(connection, warehouse, target)
    return published_at


def target_of(warehouse: Path, chosen: Path | None) -> Path:
    """Where the copy goes: `published/` beside the warehouse, or the folder or file that was chosen.

    Raises UsageProblem for another file name than the warehouse's, and for the warehouse itself.
    """
    if chosen is None:
        return warehouse.parent / "published" / warehouse.name
    target = chosen.expanduser().absolute()
    if target.is_dir() or not target.suffix:
        target = target / warehouse.name
    if target.name != warehouse.name:
        raise UsageProblem(
            f"The copy has to be called {warehouse.name}, as the warehouse is: its views carry that name. "
            f"Choose a folder, for example {target.parent}."
        )
    if target.resolve() == warehouse.resolve():
        raise UsageProblem(f"{target} is the warehouse itself. Choose another folder.")
    return target


@command("publish")
@click.option(
    "--to",
    "chosen",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A folder, or a file of the warehouse's own name in one. Default: published/ beside the warehouse.",
)
@by_option
def main(session: Session, chosen: Path | None, by: str) -> int:
    """Publish a copy of the warehouse for dashboards and analysts, swapped in at once.

    Whoever has the old copy open keeps it until they open it again. The copy holds what the last build made,
    without the raw rows, what providers answered and notes; its gate knows the opt-outs and approvals up to
    reporting.publications.published_at. Refused while the build is not current. An erasure writes every
    published copy anew.
    """
    try:
        document = publish(session, chosen, by)
    except duckdb.IOException as error:
        raise WarehouseError(f"The copy cannot be written: {str(error).splitlines()[0]}") from error
    session.answer(
        document, f"Published to {document['path']}, as of {document['published_at']:%Y-%m-%d %H:%M} UTC."
    )
    return 0


if __name__ == "__main__":
    main()
