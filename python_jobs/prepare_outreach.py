"""`dealix prepare`: shows the best accounts to contact next, and with --persist puts them in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import click
import duckdb

from python_jobs.command_line import Session, by_option, command
from python_jobs.landing.customer_names import customer_as_named
from python_jobs.outreach_events import (
    contact_line,
    new_id,
    parse_priorities,
    select_dicts,
)
from python_jobs.warehouse.connection import open_reader, open_writer, utc_now

# What may be queued for a customer: not queued for it already, not opted out of it, and not another
# customer's own list.
FOR_CUSTOMER = """
    not list_contains(queued_for, coalesce($customer, ''))
    and not coalesce(list_contains(opted_out_of, $customer), false)
    and (len(customers) = 0 or list_contains(customers, $customer))
"""


@dataclass(frozen=True)
class PreparationOrder:
    """What was asked for. `customer` None: no customer in particular."""

    priorities: Sequence[str]
    most: int
    customer: str | None


def preview(connection: duckdb.DuckDBPyConnection, order: PreparationOrder) -> dict[str, Any]:
    """What the gate offers: `queueable` (ready or needs_review, at most order.most), `blocked` and counts."""
    if order.customer is not None:
        order = replace(order, customer=customer_as_named(connection, order.customer))
    # The gate is asked once; all that is shown is of one moment.
    connection.execute("create or replace temp table preparation as from outreach.outreach_preparation")
    values = {"priorities": list(order.priorities), "customer": order.customer}
    queueable = select_dicts(
        connection,
        f"""
        from preparation
        where preparation_order is not null and list_contains($priorities, priority) and {FOR_CUSTOMER}
        order by preparation_order
        limit $most
        """,
        {**values, "most": order.most},
    )
    blocked = select_dicts(
        connection,
        """
        select *, count(*) over () as blocked_total from preparation
        where verdict = 'blocked' and list_contains($priorities, priority)
        order by priority, total_score desc, account_id
        limit $most
        """,
        {"priorities": values["priorities"], "most": order.most},
    )
    by_priority = select_dicts(
        connection,
        f"""
        select priority, count(*) as accounts from preparation
        where preparation_order is not null and {FOR_CUSTOMER}
        group by priority order by priority
        """,
        {"customer": order.customer},
    )
    connection.execute("drop table temp.preparation")
    return {
        "customer": order.customer,
        "priorities": values["priorities"],
        "queueable": queueable,
        "blocked_total": max((row.pop("blocked_total") for row in blocked), default=0),
        "blocked": blocked,
        "queueable_by_priority": {row["priority"]: row["accounts"] for row in by_priority},
        "notes": _notes(connection, order.customer),
    }


def persist(
    connection: duckdb.DuckDBPyConnection, items: Sequence[dict], customer: str | None, actor: str
) -> None:
    """Append a 'queued' event for each item; the queue id is the same however often it is prepared."""
    now = utc_now()
    connection.executemany(
        """
        insert into raw.outreach_events (
            event_id, queue_id, event, customer, account_id, contact_id, channel, actor, occurred_at
        )
        select
            $event_id,
            'que_' || left(sha256(coalesce($customer, '') || '|' || $contact_id || '|' || $channel), 16),
            'queued', $customer, $account_id, $contact_id, $channel, $actor, $now
        """,
        [
            {
                "event_id": new_id("evt"),
                "customer": customer,
                "account_id": item["account_id"],
                "contact_id": item["contact_id"],
                "channel": item["channel"],
                "actor": actor,
                "now": now,
            }
            for item in items
        ],
    )


def prepare(session: Session, order: PreparationOrder, keep: bool, actor: str) -> dict[str, Any]:
    """The preview as a document; with `keep`, in one transaction with the events that queue it."""
    if not keep:
        with open_reader(session.warehouse, session.say) as connection:
            return {**preview(connection, order), "persisted": False}
    with open_writer(session.warehouse, "dealix prepare", session.say) as connection:
        connection.begin()
        document = preview(connection, order)
        if document["queueable"]:
            persist(connection, document["queueable"], document["customer"], actor)
        connection.commit()
        return {**document, "persisted": True}


def _notes(connection: duckdb.DuckDBPyConnection, customer: str | None) -> list[str]:
    notes = []
    is_current, reason = connection.execute(
        "select is_current, reason from compliance.build_status"
    ).fetchone()
    if not is_current:
        notes.append(f"Exports are stopped. {reason}")
    known = "select 1 from raw.customers where customer = ?"
    if customer and connection.execute(known, [customer]).fetchone() is None:
        notes.append(
            f"{customer} was never recorded as a customer, so approval is required throughout:"
            f' dealix customer "{customer}" --onboarded-on YYYY-MM-DD'
        )
    return notes


def as_text(document: dict[str, Any]) -> str:
    """The document for a person."""
    lines = []
    for verdict in ("ready", "needs_review"):
        items = [item for item in document["queueable"] if item["verdict"] == verdict]
        lines += _section(f"{verdict} ({len(items)})", items)
    blocked, total = document["blocked"], document["blocked_total"]
    shown = f", the first {len(blocked)}" if total > len(blocked) else ""
    lines += _section(f"blocked ({total}{shown})", blocked)
    lines += document["notes"]
    asked = ",".join(document["priorities"])
    if not document["queueable"]:
        others = document["queueable_by_priority"]
        offer = ", ".join(f"{priority}: {number}" for priority, number in others.items())
        lines.append(f"Nothing new to queue in {asked}. By priority: {offer or 'nothing at all'}.")
    elif document["persisted"]:
        lines.append(f"Queued {len(document['queueable'])}. Next: dealix queue")
    else:
        lines.append(f"A preview: {len(document['queueable'])} would be queued with --persist.")
    return "\n".join(lines)


def _section(title: str, items: Sequence[dict]) -> list[str]:
    lines = [title]
    for item in items:
        lines.append(f"  {item['priority']} {item['total_score']:>3}  {contact_line(item)}")
        if item["reasons"]:
            lines.append(f"          {item['reasons']}")
    return lines


@command("prepare")
@click.option(
    "--priority", default="P0,P1", show_default=True, metavar="P0,P1", help="Only these priorities."
)
@click.option(
    "--max-accounts",
    default=25,
    show_default=True,
    type=click.IntRange(1, 500),
    help="At most so many accounts.",
)
@click.option("--customer", help="The customer this outreach is for.")
@click.option("--persist", "keep", is_flag=True, help="Put them in the queue; else only show them.")
@by_option
def main(
    session: Session,
    priority: str,
    max_accounts: int,
    customer: str | None,
    keep: bool,
    by: str,
) -> int:
    """Show the best accounts to contact next: ready, needs_review and blocked, each with its reasons.

    With --persist the ready and needs_review ones go into the queue, where a person decides.
    Preparing twice queues nothing twice.
    """
    order = PreparationOrder(parse_priorities(priority), max_accounts, customer)
    document = prepare(session, order, keep, by)
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
