"""`dealix release`: takes one opt-out back. A new recorded fact; what was recorded before stays."""

import click

from python_jobs.command_line import Session, UsageProblem, by_option, command
from python_jobs.suppress import (
    Entry,
    SuppressionOrder,
    as_text,
    scope_of,
    scope_options,
    subject_options,
    suppress,
)


@command("release")
@subject_options
@scope_options
@click.option("--reason", required=True, help="Why; recorded.")
@by_option
def main(
    session: Session,
    customer: str | None,
    channel: str | None,
    reason: str,
    by: str,
    **values: str | None,
) -> int:
    """Take one opt-out back, for example because the person asked for it.

    Say what was suppressed, in the same scope (a release of every scope takes back all of them). Exit 1
    when it was never suppressed. Whatever else blocks the contact still does.
    """
    chosen = [(kind, value) for kind, value in values.items() if value is not None]
    if len(chosen) != 1:
        raise UsageProblem("Say exactly one of --email, --phone, --domain, --place-id, --account.")
    if not reason.strip():
        raise UsageProblem("A release needs a reason.")
    order = SuppressionOrder(by, scope_of(customer, channel), release=True)
    document = suppress(session, [Entry(*chosen[0], reason.strip())], order)
    if document["rejected"]:
        kind, value = chosen[0]
        raise UsageProblem(f"{value!r} is no {kind}: {document['rejected'][0]['problem']}.")
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
