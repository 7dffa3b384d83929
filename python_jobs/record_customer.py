"""`dealix customer`: records since when we prepare outreach for a customer."""

from datetime import date, datetime
from typing import Any

import click

from python_jobs.command_line import Session, UsageProblem, by_option, command
from python_jobs.landing.customer_names import customer_as_named
from python_jobs.warehouse.connection import open_writer, utc_now


def record_customer(
    session: Session, name: str, onboarded_on: date, actor: str, sender_identity: str | None = None
) -> dict[str, Any]:
    """Land one customer fact and return it, with the latest day that was known before (None: a new one).

    Raises UsageProblem for an empty name. Of several days the latest counts, of senders the newest.
    """
    known = "select max(onboarded_on) from raw.customers where customer = ?"
    with open_writer(session.warehouse, "dealix customer", session.say) as connection:
        customer = customer_as_named(connection, name)
        before = connection.execute(known, [customer]).fetchone()
        connection.execute(
            """
            insert into raw.customers (customer, onboarded_on, sender_identity, actor, recorded_at)
            values (?, ?, ?, ?, ?)
            """,
            [customer, onboarded_on, sender_identity, actor, utc_now()],
        )
    return {
        "customer": customer,
        "onboarded_on": onboarded_on,
        "onboarded_on_before": before[0],
        "sender_identity": sender_identity,
        "recorded_by": actor,
    }


@command("customer")
@click.argument("words", nargs=-1, required=True, metavar="[add] NAME")
@click.option(
    "--onboarded-on",
    required=True,
    metavar="YYYY-MM-DD",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day the work for this customer began.",
)
@click.option(
    "--sender",
    metavar="TEXT",
    help="Who writes for it, in the words of a message: name, city, how to reach. Default: its name.",
)
@by_option
def main(
    session: Session, words: tuple[str, ...], onboarded_on: datetime, sender: str | None, by: str
) -> int:
    """Record a customer and the day it was onboarded: `dealix customer add NAME`, or without `add`.

    Every item for a customer is marked approval_required during its first 30 days, and always
    for a customer that was never recorded. Say it again with a later day to begin them anew: of several
    days the latest counts.
    """
    if words[0] == "add":
        words = words[1:]
    if not words:
        raise UsageProblem("A customer needs a name: dealix customer add NAME.")
    if len(words) > 1:
        raise UsageProblem(f"Name one customer, in quotes: {' '.join(words)!r}.")
    identity = " ".join((sender or "").split()) or None
    document = record_customer(session, words[0], onboarded_on.date(), by, identity)
    text = f"Recorded: {document['customer']}, onboarded on {document['onboarded_on']}, by {by}."
    before = document["onboarded_on_before"]
    if before and before > document["onboarded_on"]:
        text += f" But {before} was recorded before, and the latest day counts."
    elif before and before < document["onboarded_on"]:
        text += f" Before, it said {before}."
    session.answer(document, text)
    return 0


if __name__ == "__main__":
    main()
