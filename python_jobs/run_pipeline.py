"""`dealix run`: rebuild everything that SQL decides from the facts that have been landed."""

from typing import Any

import click
import duckdb

from python_jobs.command_line import (
    WAREHOUSE_UNUSABLE,
    Refusal,
    Session,
    UsageProblem,
    command,
    operator_name,
)
from python_jobs.landing.land_values import land_values_of_all_imports
from python_jobs.warehouse.connection import open_writer
from python_jobs.warehouse.dbt_runner import WHOLE_BUILD, BuildFailed, run_dbt
from python_jobs.warehouse.retention import purging

# A step's name -> selector in selectors.yml. No step: the whole build.
STEPS = {"normalize": "normalize", "dedupe": "dedupe", "score": "score"}

# As many accounts as `dealix enrich` asks about by default.
DEFAULT_ENRICH_ACCOUNTS = 25

# A step -> the one before it, and the schema that one fills.
NEEDS = {"dedupe": ("normalize", "normalised"), "score": ("dedupe", "graph")}


def run_pipeline(session: Session, step: str | None = None, import_id: str | None = None) -> dict[str, Any]:
    """Land the parse of every new value, then let dbt build the step (None: everything); returns what ran.

    Raises Refusal for a step that has nothing to do yet, UsageProblem for an unknown import,
    BuildFailed with the failed nodes.
    """
    if step == "enrich":
        from python_jobs.enrich_accounts import enrich_accounts
        from python_jobs.enrichment.run_enrichment import Scope

        scope = Scope("basic", DEFAULT_ENRICH_ACCOUNTS, import_id=import_id)
        return enrich_accounts(session, scope, operator_name()) | {"step": step}
    purpose = f"dealix run {f'--step {step}' if step else ''}".strip()
    with open_writer(session.warehouse, purpose, session.say) as connection:
        if import_id is not None:
            _check_import(connection, import_id)
        if step in NEEDS:
            _check_built_before(connection, *NEEDS[step])
        with purging(connection, session.warehouse) as purged:
            parsed = land_values_of_all_imports(connection, actor=operator_name(), progress=session.say)
            arguments = [*WHOLE_BUILD]
            if purged.answers:
                # What was derived from it must not outlive it in a table that is only added to.
                arguments += ["--full-refresh"]
            if step:
                # Without a test that needs what a later step builds.
                arguments += ["--selector", STEPS[step], "--indirect-selection", "buildable"]
            result = run_dbt(session.warehouse, arguments, session.say)
            mode, reason = _how_it_was_built(connection)
    return {
        "status": "built",
        "step": step,
        "import_id": import_id,
        "values_parsed": parsed,
        "answers_purged": purged.answers + purged.cached,
        "mode": mode,
        "mode_reason": reason,
        **result.as_document(),
    }


def _how_it_was_built(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """`full` or `incremental`, and why: what the run that just ended recorded when it started."""
    query = (
        "select mode, mode_reason from raw.build_runs where mode is not null order by started_at desc limit 1"
    )
    return connection.execute(query).fetchone()


def _check_built_before(connection: duckdb.DuckDBPyConnection, step: str, schema: str) -> None:
    query = "select 1 from information_schema.tables where table_schema = ?"
    if connection.execute(query, [schema]).fetchone() is None:
        raise Refusal(f"This needs what --step {step} builds: run that first, or `dealix run` for all.")


def _check_import(connection: duckdb.DuckDBPyConnection, import_id: str) -> None:
    query = "select 1 from raw.raw_lead_imports where import_id = ?"
    if connection.execute(query, [import_id]).fetchone() is None:
        raise UsageProblem(f"There is no import {import_id}. `dealix report` lists the imports.")


@command("run")
@click.option(
    "--step",
    type=click.Choice(["normalize", "dedupe", "enrich", "score"]),
    help="Only this part: normalize (rows), dedupe (identity and graph), score (scores, gate and"
    " outreach); enrich asks the websites as `dealix enrich` does. Exports need a whole run.",
)
@click.option(
    "--import",
    "import_id",
    metavar="ID",
    help="Check that this import exists; the build is whole anyway.",
)
def main(session: Session, step: str | None, import_id: str | None) -> int:
    """Rebuild accounts, scores and verdicts from everything that was imported.

    When all that came since the last complete build are new imports, only what they touch is made
    anew, with the same result; else everything is, and the answer says why.
    Answers of providers that are past their expiry are taken out first, and out of the file itself.
    Safe to stop at any moment and to run again: facts are landed before, and an unfinished
    build stops exports until one has finished.
    """
    if import_id is not None:
        session.say("The lead graph is one: the build covers every import, not only this one.")
    try:
        document = run_pipeline(session, step, import_id)
    except KeyboardInterrupt:
        session.say("Stopped. Nothing is lost; exports stay stopped until `dealix run` has finished once.")
        raise
    except BuildFailed as failed:
        if not session.as_json:
            raise
        session.say(f"Error: {failed}")
        session.answer({"status": "failed", "step": step, "error": str(failed), **failed.as_document()}, "")
        return WAREHOUSE_UNUSABLE
    if step == "enrich":
        text = f"{document['answers']} answers about {document['accounts']} accounts. Next: dealix run"
        session.answer(document, text)
        return 0
    lines = [
        f"Built: {document['nodes_run']} steps in {document['seconds']} s"
        f" ({document['mode']}: {document['mode_reason']})."
    ]
    if document["answers_purged"]:
        lines.append(f"Purged {document['answers_purged']} answers of providers that are past their expiry.")
    lines += [f"Worth a look: {warning}" for warning in document["warnings"]]
    session.answer(document, "\n".join(lines))
    return 0


if __name__ == "__main__":
    main()
