"""`dealix reject`: a named person's no to a queue item."""

from collections.abc import Sequence

import click

from python_jobs.approve_outreach import Decision, answer, queue_items
from python_jobs.command_line import Session, UsageProblem, by_option, command
from python_jobs.outreach_events import append_events, contact_line
from python_jobs.warehouse.connection import open_writer, utc_now


def reject(session: Session, queue_ids: Sequence[str], actor: str, reason: str) -> list[Decision]:
    """Reject the items that were not exported yet; one decision per id.

    Raises UsageProblem without a reason.
    """
    if not reason.strip():
        raise UsageProblem("A rejection needs a reason.")
    with open_writer(session.warehouse, "dealix reject", session.say) as connection:
        connection.begin()
        found = queue_items(connection, queue_ids)
        decisions = [_decide(queue_id, found.get(queue_id)) for queue_id in dict.fromkeys(queue_ids)]
        rejected = [
            found[decision.queue_id]
            for decision in decisions
            if decision.is_done and found[decision.queue_id]["status"] != "rejected"
        ]
        append_events(connection, "rejected", rejected, actor, utc_now(), reason=reason.strip())
        connection.commit()
    return decisions


def _decide(queue_id: str, item: dict | None) -> Decision:
    if item is None:
        return Decision(queue_id, False, "there is no such item in the queue; see dealix queue")
    if item["status"] == "exported":
        when = f"{item['exported_at']:%Y-%m-%d %H:%M} UTC" if item["exported_at"] else "before"
        return Decision(queue_id, False, f"not rejected, it was exported: {when}")
    if item["status"] == "rejected":
        return Decision(queue_id, True, "was rejected already")
    return Decision(queue_id, True, f"rejected: {contact_line(item)}")


@command("reject")
@click.argument("queue_ids", nargs=-1, required=True, metavar="ID...")
@click.option("--reason", required=True, help="Why not; recorded.")
@by_option
def main(session: Session, queue_ids: tuple[str, ...], reason: str, by: str) -> int:
    """Reject queue items by their ids; an approval that was given before no longer counts.

    Exit 1 when an item could not be rejected, for example because it was exported.
    """
    return answer(session, reject(session, queue_ids, by, reason))


if __name__ == "__main__":
    main()
