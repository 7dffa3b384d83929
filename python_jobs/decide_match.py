"""`dealix match`: a person's decision that two accounts or records are one company, or never are."""

from typing import Any

import click
import duckdb

from python_jobs.command_line import Session, UsageProblem, by_option, command, only_one
from python_jobs.outreach_events import new_id, printable, select_dicts
from python_jobs.warehouse.connection import open_writer, utc_now


def decide_match(
    session: Session, left: str, right: str, decision: str, reason: str | None, actor: str
) -> dict[str, Any]:
    """Land one decision (`same` or `different`) and return it, with both sides as they are today.

    An id is an account id of today or of any earlier day, or IMPORT:ROW for one record. Raises
    UsageProblem for an id that nothing has, and for two ids of one record.
    """
    with open_writer(session.warehouse, "dealix match", session.say) as connection:
        sides = [_side(connection, given) for given in (left, right)]
        if sides[0]["record_id"] == sides[1]["record_id"]:
            raise UsageProblem(
                f"{left} and {right} are one and the same: to tell records of one account apart, name the "
                "records: IMPORT:ROW, as dealix why-merged lists them."
            )
        connection.execute(
            """
            insert into raw.match_decisions
                (event_id, left_id, right_id, decision, reason, actor, occurred_at)
            values (?, ?, ?, ?, ?, ?, ?)
            """,
            [new_id("mat"), *(side["record_id"] for side in sides), decision, reason, actor, utc_now()],
        )
    is_one_account = sides[0]["account_id"] == sides[1]["account_id"]
    effects = {
        ("same", True): "they are one account already; the decision keeps them together",
        ("same", False): "they become one account",
        ("different", True): "they become two accounts; every other record stays with the one that it is "
        "more strongly linked to",
        ("different", False): "they are two accounts already; the decision keeps them apart",
    }
    return {
        "decision": decision,
        "sides": sides,
        "effect": effects[decision, is_one_account],
        "reason": reason,
        "decided_by": actor,
    }


def _side(connection: duckdb.DuckDBPyConnection, given: str) -> dict[str, Any]:
    """The record that an id stands for, and its account today."""
    found = select_dicts(
        connection,
        """
        select
            clusters.row_account_id as record_id,
            clusters.account_id,
            accounts.company_name,
            accounts.city,
            accounts.row_count
        from identity.clusters as clusters
        inner join graph.accounts as accounts
            on clusters.account_id = accounts.account_id
        where
            clusters.row_account_id = $given
            or clusters.import_id || ':' || clusters.row_number = $given
            -- Of a withdrawn list: what remains of the company.
            or clusters.row_account_id = (
                select account_id from graph.account_aliases where alias_id = $given
            )
        order by clusters.row_account_id = $given desc
        limit 1
        """,
        {"given": given},
    )
    if not found:
        raise UsageProblem(
            f"Nothing has the id {given!r}: neither an account of today or earlier, nor an accepted record "
            "(IMPORT:ROW) of the last build. dealix matches and dealix why-merged list ids."
        )
    return {"given": given, **found[0]}


def as_text(document: dict[str, Any]) -> str:
    """What was recorded, for a person."""
    lines = [f"Recorded: {document['decision']}, by {document['decided_by']}."]
    lines += [
        printable(
            f"  {side['given']}: {side['company_name']} ({side['city'] or '-'}), "
            f"account {side['account_id']}, {side['row_count']:,} record(s)"
        )
        for side in document["sides"]
    ]
    lines.append(f"With the next `dealix run` {document['effect']}.")
    return "\n".join(lines)


@command("match")
@click.argument("left", metavar="ID")
@click.argument("right", metavar="ID")
@click.option("--same", is_flag=True, help="They are one company.")
@click.option("--different", is_flag=True, help="They never are.")
@click.option("--reason", help="Why; recorded.")
@by_option
def main(session: Session, left: str, right: str, reason: str | None, by: str, **decisions: bool) -> int:
    """Decide whether two accounts (or records, as IMPORT:ROW) are one company.

    The latest decision on a pair counts, holds through every rebuild, and takes effect with the next
    `dealix run`. Where decisions contradict each other, "different" wins.
    """
    decision = only_one(decisions)
    document = decide_match(session, left, right, decision, (reason or "").strip() or None, by)
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
