"""`dealix consent`: records that a person agreed, took that back, or was told where we have the data from."""

from typing import Any

import click

from python_jobs.command_line import Session, UsageProblem, by_option, command, only_one
from python_jobs.landing.keyed_hash import open_key
from python_jobs.outreach_events import new_id
from python_jobs.suppress import NotASubject, Subject, read_subjects
from python_jobs.warehouse.connection import open_writer, utc_now


def record_consent(
    session: Session, event: str, kind: str, value: str, purpose: str, means: str, evidence: str, actor: str
) -> dict[str, Any]:
    """Land one event per subject in the value; returns what was landed, masked.

    Raises UsageProblem when the value cannot be read.
    """
    with open_writer(session.warehouse, "dealix consent", session.say) as connection:
        connection.begin()
        key = open_key(connection, session.warehouse, actor)
        try:
            subjects = read_subjects(connection, key, kind, value)
        except NotASubject as problem:
            raise UsageProblem(f"{value!r} is no {kind}: {problem}. Nothing was recorded.") from problem
        now = utc_now()
        for subject in subjects:
            connection.execute(
                """
                insert into raw.consent_events (
                    event_id, event, kind, subject_hash, masked_display, purpose, means, evidence,
                    key_id, actor, occurred_at
                )
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    *(new_id("con"), event, subject.kind, subject.subject_hash, subject.masked_display),
                    *(purpose, means, evidence, key.key_id, actor, now),
                ],
            )
        connection.commit()
    return {"event": event, "purpose": purpose, "landed": [_shown(subject) for subject in subjects]}


def _shown(subject: Subject) -> dict[str, str]:
    return {"kind": subject.kind, "masked_display": subject.masked_display}


@command("consent")
@click.option("--given", is_flag=True, help="The person agreed.")
@click.option("--withdrawn", is_flag=True, help="The person took it back.")
@click.option("--notified", is_flag=True, help="The person was told of the data's origin.")
@click.option("--email", help="The person's email address.")
@click.option("--phone", help="The person's phone number, in any spelling.")
@click.option("--purpose", default="outreach", show_default=True, help="What for; `outreach` lets us write.")
@click.option("--means", help="How it was said: web form, call, email. Needed with --given and --notified.")
@click.option("--evidence", help="Where the proof is: a reference. Needed with --given and --notified.")
@by_option
def main(
    session: Session,
    email: str | None,
    phone: str | None,
    purpose: str,
    means: str | None,
    evidence: str | None,
    by: str,
    **events: bool,
) -> int:
    """Record a person's consent to outreach, its withdrawal, or the notice the person was given.

    A withdrawal blocks the contact from the next moment on. A consent counts from the next `dealix run`
    on, and never against an opt-out: that takes `dealix release`.
    """
    event = only_one(events)
    chosen = [(kind, value) for kind, value in (("email", email), ("phone", phone)) if value is not None]
    if len(chosen) != 1:
        raise UsageProblem("Say exactly one of --email, --phone.")
    means, evidence, purpose = ((text or "").strip() for text in (means, evidence, purpose))
    if event != "withdrawn" and not (means and evidence):
        raise UsageProblem("Nobody could prove that: say --means and --evidence.")
    if not purpose:
        raise UsageProblem("Say what the consent is for: --purpose.")
    document = record_consent(
        session, event, *chosen[0], purpose, means or "not said", evidence or "not said", by
    )
    counts = {
        "given": "It counts after the next dealix run.",
        "withdrawn": "The contact is blocked from now on.",
        "notified": "The notice is on record.",
    }[event]
    shown = ", ".join(subject["masked_display"] for subject in document["landed"])
    session.answer(document, f"Recorded: consent {event} ({purpose}), {shown}, by {by}. {counts}")
    return 0


if __name__ == "__main__":
    main()
