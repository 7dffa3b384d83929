"""`dealix outcome`: what came back from an exported item. A bounce or an opt-out feeds the opt-out list."""

from typing import Any

import click
import duckdb

from python_jobs.approve_outreach import queue_items
from python_jobs.command_line import Refusal, Session, by_option, command, only_one
from python_jobs.landing.keyed_hash import open_key
from python_jobs.outreach_events import append_events, contact_line
from python_jobs.suppress import (
    Subject,
    SuppressionOrder,
    append_suppressions,
    mask_email,
    mask_phone,
)
from python_jobs.warehouse.connection import open_writer, utc_now


def record_outcome(session: Session, queue_id: str, outcome: str, note: str, actor: str) -> dict[str, Any]:
    """Land the outcome of one exported item and, where it means one, the opt-out; one transaction.

    A bounce ends its mailbox (on the email channel), an opt-out everything the contact is known by.
    Raises Refusal for an item that was never exported.
    """
    with open_writer(session.warehouse, "dealix outcome", session.say) as connection:
        connection.begin()
        open_key(connection, session.warehouse, actor)
        item = queue_items(connection, [queue_id]).get(queue_id)
        if item is None:
            raise Refusal(f"There is no item {queue_id} in the queue; see dealix queue.")
        if item["exported_at"] is None:
            raise Refusal(f"{queue_id} was never exported, so nothing can have come back from it.")
        now = utc_now()
        append_events(connection, "outcome", [item], actor, now, reason=outcome, purpose=note or None)
        subjects = _subjects(connection, item, outcome)
        order = SuppressionOrder(actor, "email_warm" if outcome == "bounced" else "all")
        reason = f"{outcome.replace('_', ' ')} after outreach {queue_id}" + (f": {note}" if note else "")
        if subjects:
            append_suppressions(connection, [(subject, reason) for subject in subjects], order)
        connection.commit()
    return {
        "queue_id": queue_id,
        "outcome": outcome,
        "item": contact_line(item),
        "suppressed": [subject.masked_display for subject in subjects],
    }


def _subjects(connection: duckdb.DuckDBPyConnection, item: dict[str, Any], outcome: str) -> list[Subject]:
    if outcome == "replied":
        return []
    found = connection.execute(
        """
        -- The contact as it was queued, where its list was withdrawn since: the next list may bring it back.
        with records as (
            select import_id, row_number from identity.withdrawn_contact_records
            where alias_id = $queued_contact_id
        )

        select kind, value, hash from graph.contact_identifiers
        where contact_id = $contact_id and hash is not null
            and ($outcome = 'opted_out' or (kind = 'email' and is_primary))
        union
        select 'email', email, email_hash from normalised.lead_row_emails
        inner join records using (import_id, row_number)
        where is_valid and email_hash is not null
        union
        select 'phone', phone_e164, phone_hash from normalised.lead_row_phones
        inner join records using (import_id, row_number)
        where is_valid and phone_hash is not null and $outcome = 'opted_out'
        order by kind, value
        """,
        {**{name: item[name] for name in ("contact_id", "queued_contact_id")}, "outcome": outcome},
    ).fetchall()
    masks = {"email": mask_email, "phone": mask_phone}
    return [Subject(kind, masks[kind](value), subject_hash=hashed) for kind, value, hashed in found]


@command("outcome")
@click.argument("queue_id", metavar="ID")
@click.option("--bounced", is_flag=True, help="The mailbox does not exist.")
@click.option("--replied", is_flag=True, help="Somebody answered.")
@click.option("--opted-out", is_flag=True, help="The answer was: do not contact us.")
@click.option("--note", default="", help="A few words; recorded.")
@by_option
def main(session: Session, queue_id: str, note: str, by: str, **outcomes: bool) -> int:
    """Record what came back from an exported item.

    A bounce puts the mailbox on the opt-out list for email, an opt-out everything that the contact is
    known by, on every channel: from the next moment on, and whatever is imported later.
    """
    outcome = only_one(outcomes)
    document = record_outcome(session, queue_id, outcome, note.strip(), by)
    ended = ", ".join(document["suppressed"])
    session.answer(
        document,
        f"Recorded: {document['item']}: {outcome.replace('_', ' ')}."
        + (f" On the opt-out list now: {ended}." if ended else ""),
    )
    return 0


if __name__ == "__main__":
    main()
