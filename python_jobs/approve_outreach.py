"""`dealix approve`: a named person's approval of exactly what a queue item says now."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import click
import duckdb

from python_jobs.command_line import ANSWER_NO, OK, Session, by_option, command
from python_jobs.outreach_events import append_events, contact_line, select_dicts
from python_jobs.warehouse.connection import WarehouseError, open_writer, utc_now


@dataclass(frozen=True)
class Decision:
    """What became of one queue id."""

    queue_id: str
    is_done: bool
    text: str


def approve(
    session: Session, queue_ids: Sequence[str], actor: str, reason: str | None = None
) -> list[Decision]:
    """Approve the items that the gate shows as ready at this moment; one decision per id.

    With a reason also those that need review; never a blocked one. The look at the gate and the
    approvals are one transaction. An approval holds for the item's content and verdict as they are
    now, and for as many days as outreach.approval_terms says.
    """
    with open_writer(session.warehouse, "dealix approve", session.say) as connection:
        connection.begin()
        found = queue_items(connection, queue_ids)
        now = utc_now()
        expires_at = now + _valid_for(connection)
        decisions = [
            _decide(queue_id, found.get(queue_id), expires_at, reason)
            for queue_id in dict.fromkeys(queue_ids)
        ]
        approved = [
            found[decision.queue_id]
            for decision in decisions
            if decision.is_done and _is_open(found[decision.queue_id], reason)
        ]
        append_events(connection, "approved", approved, actor, now, expires_at=expires_at, reason=reason)
        connection.commit()
    return decisions


def queue_items(connection: duckdb.DuckDBPyConnection, queue_ids: Sequence[str]) -> dict[str, dict]:
    """The queue's items with these ids, by id."""
    items = select_dicts(
        connection,
        "select * from outreach.outreach_queue where list_contains($ids, queue_id)",
        {"ids": list(queue_ids)},
    )
    return {item["queue_id"]: item for item in items}


def _is_open(item: dict, reason: str | None) -> bool:
    may_be_approved = item["verdict"] == "ready" or (item["verdict"] == "needs_review" and bool(reason))
    return item["status"] in ("queued", "expired") and may_be_approved


def _decide(queue_id: str, item: dict | None, expires_at: datetime, reason: str | None) -> Decision:
    if item is None:
        return Decision(queue_id, False, "there is no such item in the queue; see dealix queue")
    if _is_open(item, reason):
        until = f"until {expires_at:%Y-%m-%d %H:%M} UTC"
        return Decision(queue_id, True, f"approved {until}: {contact_line(item)}")
    if item["status"] == "approved":
        return Decision(queue_id, True, f"was approved already, by {item['approved_by']}")
    standing = item["status"] if item["status"] in ("rejected", "exported") else item["verdict"]
    reasons = "; ".join(dict.fromkeys(text for text in (item["status_reason"], item["reasons"]) if text))
    return Decision(queue_id, False, f"not approved, it is {standing}: {reasons or 'no reason'}")


def _valid_for(connection: duckdb.DuckDBPyConnection) -> timedelta:
    row = connection.execute("select approval_valid_days from outreach.approval_terms").fetchone()
    if row is None:
        raise WarehouseError("outreach.approval_terms says no approval_valid_days: dealix run")
    return timedelta(days=float(row[0]))


def answer(session: Session, decisions: Sequence[Decision]) -> int:
    """Show one line per id; exit status 1 when any was refused."""
    session.answer(
        {"decisions": [asdict(decision) for decision in decisions]},
        "\n".join(f"{decision.queue_id}  {decision.text}" for decision in decisions),
    )
    return OK if all(decision.is_done for decision in decisions) else ANSWER_NO


@command("approve")
@click.argument("queue_ids", nargs=-1, required=True, metavar="ID...")
@click.option("--reason", help="Why; recorded. An item that needs review is approved with a reason only.")
@by_option
def main(session: Session, queue_ids: tuple[str, ...], reason: str | None, by: str) -> int:
    """Approve queue items by their ids, as a named person.

    What every rule shows as ready at this moment is approved, and with --reason what needs review;
    what is blocked never is. Exit 1 when an item was refused; its reasons are shown, and the others
    are approved all the same.
    """
    reason = (reason or "").strip() or None
    return answer(session, approve(session, queue_ids, by, reason))


if __name__ == "__main__":
    main()
