"""`dealix enrich`: ask websites and Google about the accounts for which an answer is worth most."""

import os
from collections.abc import Sequence
from typing import Any

import click

from python_jobs.command_line import Session, UsageProblem, by_option, command
from python_jobs.enrichment.google_maps import KEY as MAPS_KEY
from python_jobs.enrichment.google_maps import GoogleMaps, open_client
from python_jobs.enrichment.google_search import ENGINE, GoogleSearch
from python_jobs.enrichment.google_search import KEY as SEARCH_KEY
from python_jobs.enrichment.provider import Provider
from python_jobs.enrichment.run_enrichment import Scope, enrich, plan
from python_jobs.enrichment.site_fetcher import SiteFetcher
from python_jobs.enrichment.website import Website
from python_jobs.landing.keyed_hash import open_key
from python_jobs.warehouse.connection import open_reader, open_writer
from python_jobs.warehouse.retention import purging

LEVELS = ("basic", "standard", "deep")
# Where a site's owner reaches us; stands in the user agent.
CONTACT = "DEALIX_CONTACT"


def available_providers(level: str, say) -> list[Provider]:
    """The providers of this level that can work; what the others need is said once.

    Raises UsageProblem when nobody could reach us: a fetcher without an address is not polite.
    """
    providers: list[Provider] = []
    if contact := os.environ.get(CONTACT):
        providers.append(Website(SiteFetcher(contact)))
    else:
        say(f"Websites are not fetched: {CONTACT} must name a mailbox or page where their owners reach you.")
    if level == "basic":
        return providers
    client = open_client()
    if client is None:
        say(f"Google Maps is not asked: {MAPS_KEY} is not set.")
    else:
        providers.append(GoogleMaps(client))
    if os.environ.get(SEARCH_KEY) and os.environ.get(ENGINE):
        providers.append(GoogleSearch())
    else:
        say(f"Google search is not asked: {SEARCH_KEY} and {ENGINE} are not set.")
    return providers


def enrich_accounts(
    session: Session,
    scope: Scope,
    actor: str,
    providers: Sequence[Provider] | None = None,
) -> dict[str, Any]:
    """Ask and land; what was asked, what came back and what it cost (SAR), as a JSON document.

    `providers`: None for those that the environment has keys for.
    """
    chosen = available_providers(scope.level, session.say) if providers is None else list(providers)
    with (
        open_writer(session.warehouse, "dealix enrich", session.say) as connection,
        purging(connection, session.warehouse) as purged,
    ):
        _check_import(connection, scope.import_id)
        key = open_key(connection, session.warehouse, actor)
        done = enrich(connection, key, scope, chosen, actor, session.say)
    return {
        "status": "enriched",
        "level": scope.level,
        "providers": [provider.name for provider in chosen],
        "accounts": len(done.accounts),
        "answers": sum(done.statuses.values()),
        "by_status": dict(sorted(done.statuses.items())),
        "cost_sar": round(done.cost_sar, 4),
        "stopped": done.stopped,
        "answers_purged": purged.answers + purged.cached,
    }


def planned(session: Session, scope: Scope, providers: Sequence[Provider] | None = None) -> dict[str, Any]:
    """What `enrich_accounts` would ask first, and its cost (SAR); nothing is asked."""
    chosen = available_providers(scope.level, session.say) if providers is None else providers
    with open_reader(session.warehouse, session.say) as connection:
        _check_import(connection, scope.import_id)
        questions = plan(connection, scope, [provider.name for provider in chosen])
    return {
        "status": "planned",
        "level": scope.level,
        "accounts": len({question.account_id for question in questions}),
        "cost_sar": round(sum(question.cost_sar for question in questions), 4),
        "questions": [vars(question) for question in questions],
    }


def _check_import(connection, import_id: str | None) -> None:
    query = "select 1 from raw.raw_lead_imports where import_id = ?"
    if import_id is not None and connection.execute(query, [import_id]).fetchone() is None:
        raise UsageProblem(f"There is no import {import_id}. `dealix report` lists the imports.")


def _text(document: dict[str, Any]) -> str:
    if document["status"] == "planned":
        lines = [
            f"Would ask {len(document['questions'])} questions about {document['accounts']} accounts "
            f"for {document['cost_sar']:.2f} SAR. Nothing was asked."
        ]
        lines += [
            f"  {question['company_name']} | {question['provider']} {question['endpoint']} | "
            f"{question['missing']} | {question['cost_sar']:.2f} SAR"
            for question in document["questions"]
        ]
        return "\n".join(lines)
    lines = [
        f"{document['answers']} answers about {document['accounts']} accounts for "
        f"{document['cost_sar']:.2f} SAR."
    ]
    lines += [f"  {count} x {status}" for status, count in document["by_status"].items()]
    if document["answers_purged"]:
        lines.append(f"Purged {document['answers_purged']} answers of providers that are past their expiry.")
    if document["answers"]:
        lines.append("Next: dealix run")
    return "\n".join(lines)


@command("enrich")
@click.option("--import", "import_id", metavar="ID", help="Only accounts of this import.")
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="basic",
    show_default=True,
    help="basic: the home page. standard: and Google, for a missing home page or number. deep: and the"
    " contact, about and careers pages.",
)
@click.option(
    "--max-accounts", type=click.IntRange(1, 200), default=25, show_default=True, help="At most so many."
)
@click.option("--budget", type=click.FloatRange(0), metavar="SAR", help="Spend no more than this.")
@click.option("--dry-run", is_flag=True, help="Show the plan and its cost, and ask nobody.")
@by_option
def main(
    session: Session,
    import_id: str | None,
    level: str,
    max_accounts: int,
    budget: float | None,
    dry_run: bool,
    by: str,
) -> int:
    """Ask the companies' websites, and Google if there are keys, about what is missing or stale.

    SQL chooses whom to ask: first what could lift a priority, then what is stale, then what is cheap. Every
    answer is kept as it comes, so a run may be stopped and called again; nobody is asked twice while an
    answer counts. Websites need DEALIX_CONTACT (your mailbox or page, for their owners); Google Maps
    GOOGLE_MAPS_API_KEY; Google search GOOGLE_SEARCH_API_KEY and GOOGLE_SEARCH_ENGINE_ID.
    """
    scope = Scope(level, max_accounts, budget, import_id)
    try:
        document = planned(session, scope) if dry_run else enrich_accounts(session, scope, by)
    except KeyboardInterrupt:
        session.say("Stopped. Every answer that came is kept; the same command asks only the rest.")
        raise
    session.answer(document, _text(document))
    return 0


if __name__ == "__main__":
    main()
