"""`dealix queue`: what waits for a person's decision, what was decided, and why."""

from typing import Any

import click

from python_jobs.command_line import Session, command
from python_jobs.landing.customer_names import customer_as_named
from python_jobs.outreach_events import contact_line, select_dicts
from python_jobs.warehouse.connection import open_reader

STATUSES = ("queued", "approved", "rejected", "exported", "expired", "blocked")


def list_queue(session: Session, status: str | None, customer: str | None, most: int) -> dict[str, Any]:
    """The queue's items as they stand now, best first, and how many there are in each status."""
    with open_reader(session.warehouse, session.say) as connection:
        if customer is not None:
            customer = customer_as_named(connection, customer)
        # The gate is asked once: the items and the counts are of one moment.
        connection.execute("create or replace temp table queue as from outreach.outreach_queue")
        items = select_dicts(
            connection,
            """
            from temp.queue
            where ($status is null or status = $status)
                and ($customer is null or customer = $customer)
            order by status, priority, total_score desc, queue_id
            limit $most
            """,
            {"status": status, "customer": customer, "most": most},
        )
        counts = connection.execute(
            """
            select status, count(*) from temp.queue
            where $customer is null or customer = $customer
            group by status order by status
            """,
            {"customer": customer},
        ).fetchall()
    return {"items": items, "counts": dict(counts)}


def as_text(document: dict[str, Any]) -> str:
    """The document for a person."""
    if not document["counts"]:
        return "The queue is empty. Fill it with `dealix prepare --persist`."
    lines = []
    for item in document["items"]:
        lines.append(
            f"{item['queue_id']}  {item['status']:<8}  {item['verdict']:<12} "
            f" {item['priority'] or '--'} {item['total_score'] or '-':>3}  {contact_line(item)}"
        )
        details = [item["status_reason"], item["reasons"]]
        if item["status"] == "approved":
            details[0] += f", until {item['approval_expires_at']:%Y-%m-%d %H:%M} UTC"
        if item["customer"]:
            details.insert(0, f"for {item['customer']}")
        lines.append("    " + "; ".join(dict.fromkeys(text for text in details if text)))
    lines.append(", ".join(f"{number} {status}" for status, number in document["counts"].items()))
    return "\n".join(lines)


@command("queue")
@click.option("--status", type=click.Choice(STATUSES), help="Only items in this status.")
@click.option("--customer", help="Only items for this customer.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="At most so many.")
def main(session: Session, status: str | None, customer: str | None, limit: int) -> int:
    """List the outreach queue: each item's status and verdict now, with the reasons."""
    document = list_queue(session, status, customer, limit)
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
