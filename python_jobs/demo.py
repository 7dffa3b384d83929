"""The whole path on real input, step by step: what `make demo` runs. Each step is an ordinary command."""

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb

from python_jobs.command_line import Session, UsageProblem, command
from python_jobs.warehouse.connection import PROJECT_ROOT, open_reader, utc_now

EXAMPLES = Path("examples")
OPERATOR = "Demo Operator"
CUSTOMER = "Demo Customer"


@dataclass(frozen=True)
class DemoList:
    """One of the demo's lists and what its import says of it."""

    file: Path
    source_name: str
    metadata: tuple[str, ...]


OSM_METADATA = ("--source-type", "public", "--allowed-use", "public_business_contact", "--risk-level", "low")
DEMO_LISTS = (
    DemoList(EXAMPLES / "riyadh_osm" / "riyadh_office.csv", "osm_riyadh_office", OSM_METADATA),
    DemoList(EXAMPLES / "riyadh_osm" / "riyadh_shop.csv", "osm_riyadh_shop", OSM_METADATA),
    DemoList(EXAMPLES / "riyadh_osm" / "riyadh_healthcare.csv", "osm_riyadh_healthcare", OSM_METADATA),
    DemoList(
        EXAMPLES / "fictional" / "crm_export_fictional.csv",
        "fictional_crm_export",
        ("--source-type", "owned", "--allowed-use", "customer_relationship", "--consent-status", "owned",
         "--risk-level", "low", "--customer", CUSTOMER),
    ),
    DemoList(
        EXAMPLES / "fictional" / "paid_list_fictional.csv",
        "fictional_paid_list",
        ("--source-type", "paid", "--allowed-use", "business_contact_research_only", "--risk-level", "high",
         "--vendor-last-updated", "2026-06-30", "--customer", CUSTOMER),
    ),
)  # fmt: skip


def tell(title: str) -> None:
    """A step's heading."""
    click.echo(f"\n\033[1m{title}\033[0m" if sys.stdout.isatty() else f"\n== {title}")


def dealix(*arguments: str, may_say_no: bool = False) -> None:
    """Run one dealix command as a person would, shown before its output. A failure ends the demo."""
    click.echo(f"$ dealix {shlex.join(arguments)}")
    sys.stdout.flush()
    status = subprocess.run([sys.executable, "-m", "python_jobs", *arguments], check=False).returncode
    if status and not (may_say_no and status == 1):
        click.echo(f"The demo stops: that command ended with status {status}.", err=True)
        raise SystemExit(status)


def answer_of(*arguments: str) -> dict:
    """The JSON document that a command answers (its exit status may be a "no")."""
    done = subprocess.run(
        [sys.executable, "-m", "python_jobs", *arguments, "--json"],
        check=False,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def refuse_a_real_lake(session: Session) -> None:
    """The demo mixes invented people in: never into a warehouse that holds anybody's real lists."""
    if not session.warehouse.exists():
        return
    with open_reader(session.warehouse, session.say) as connection:
        foreign = connection.execute(
            "select distinct source_name from raw.raw_lead_imports where not list_contains(?, source_name)",
            [[demo_list.source_name for demo_list in DEMO_LISTS]],
        ).fetchall()
    if foreign:
        raise UsageProblem(
            f"{session.warehouse} holds real lists ({foreign[0][0]}, ...); the demo would mix "
            "invented companies in. "
            "Give it a warehouse of its own: DEALIX_WAREHOUSE=warehouse/demo.duckdb make demo"
        )


def is_built(session: Session) -> bool:
    """Whether the last build knows every landed fact and every model as it stands."""
    with open_reader(session.warehouse, session.say) as connection:
        try:
            is_current, built_at = connection.execute(
                "select is_current, last_complete_build_at from compliance.build_status"
            ).fetchone()
        except duckdb.CatalogException:
            return False
    sources = [
        path for folder in ("models", "macros", "seeds") for path in (PROJECT_ROOT / folder).rglob("*.*")
    ]
    changed_at = max(path.stat().st_mtime for path in [*sources, PROJECT_ROOT / "dbt_project.yml"])
    return is_current and built_at > datetime.fromtimestamp(changed_at, UTC).replace(tzinfo=None)


def funnel(session: Session) -> list[tuple[str, int]]:
    """The pipeline's steps with their counts, in order."""
    with open_reader(session.warehouse, session.say) as connection:
        return connection.execute(
            "select step, count from reporting.pipeline_funnel order by step_number"
        ).fetchall()


@command("demo", help="Run the whole path on the example lists, step by step.")
def main(session: Session) -> int:
    refuse_a_real_lake(session)
    os.environ["DEALIX_OPERATOR"] = OPERATOR
    os.chdir(PROJECT_ROOT)

    tell("1. Is a list worth it? Audit before anything is landed")
    dealix("audit", str(EXAMPLES / "riyadh_osm" / "riyadh_healthcare.csv"), may_say_no=True)

    tell("2. Land the lists: every row is kept, with who, when, from where and for what use")
    dealix("customer", CUSTOMER, "--onboarded-on", utc_now().date().replace(day=1).isoformat())
    for demo_list in DEMO_LISTS:
        dealix("import", str(demo_list.file), "--source-name", demo_list.source_name, *demo_list.metadata)

    tell("3. Build: SQL resolves companies, scores them and judges every contact")
    if is_built(session):
        click.echo(
            "Nothing was landed and no model was changed since the last build: there is nothing to build."
        )
    else:
        dealix("run")
    dealix("report")

    tell("4. Prepare the queue: ready, needs review, blocked, each with its reasons")
    dealix("prepare", "--customer", CUSTOMER, "--priority", "P0,P1,P2", "--persist")
    dealix("queue", "--customer", CUSTOMER, "--status", "queued", "--limit", "8")

    tell("5. A named person approves a few of those that are ready")
    queue = answer_of("queue", "--customer", CUSTOMER, "--status", "queued")["items"]
    chosen = [item["queue_id"] for item in queue if item["verdict"] == "ready"][:5]
    approved = [item["queue_id"] for item in answer_of("queue", "--status", "approved")["items"]]
    if chosen:
        dealix("approve", *chosen, "--by", OPERATOR)
        approved += chosen
    else:
        click.echo("Nothing new is ready: earlier demo runs have used it up.")

    tell("6. Export what is approved and still ready, for a person to send by hand")
    out = Path("exports") / f"demo_outreach_{utc_now():%Y%m%d_%H%M%S}.csv"
    out.parent.mkdir(exist_ok=True)
    dealix("export", "--priority", "P0,P1,P2", "--max", "3", "--out", str(out), may_say_no=True)

    tell("7. One of them opts out, in another spelling: gone at once, without a rebuild")
    show_opt_out(session)

    tell("Where everything went")
    for step, count in funnel(session):
        click.echo(f"  {step:<28}{count:>8,}")
    click.echo(
        "\nNext, on the same warehouse:\n"
        "  source .venv/bin/activate            # then `dealix` works by itself\n"
        "  dealix why 0112319984                # may I contact this number, and why (not)?\n"
        "  dealix queue --status queued         # what waits for your approval\n"
        "  dealix audit YOUR_LIST.csv           # your own list: is it worth importing?\n"
        "  dealix doctor                        # is everything in order?"
    )
    return 0


def show_opt_out(session: Session) -> None:
    """Suppress one ready contact as a person would type it; show that it left outreach_ready."""
    with open_reader(session.warehouse, session.say) as connection:
        found = connection.execute(
            "select account_id, company_name, phone_e164, email from outreach.outreach_ready "
            "where coalesce(phone_e164, email) is not null "
            "order by account_id in ("
            "select account_id from outreach.outreach_queue where status = 'approved') desc, "
            "total_score desc, account_id limit 1"
        ).fetchone()
    if found is None:
        click.echo("Nobody is ready any more: earlier demo runs have used everybody up.")
        return
    account_id, company_name, phone, email = found
    click.echo(f"Ready before: {ready_count(session)}, among them {company_name}.")
    if phone:
        spelled = phone.replace("+", "00").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        subject = ("--phone", spelled)
    else:
        subject = ("--email", email.upper())
    dealix("suppress", *subject, "--reason", "asked on the phone not to be contacted", "--by", OPERATOR)
    with open_reader(session.warehouse, session.say) as connection:
        still_there = connection.execute(
            "select count(*) from outreach.outreach_ready where account_id = ?", [account_id]
        ).fetchone()[0]
    click.echo(
        f"Ready after: {ready_count(session)}. {company_name} is in outreach_ready {still_there} times."
    )
    if still_there:
        click.echo("The live gate did not take the opt-out into account: this is a defect.", err=True)
        raise SystemExit(1)
    dealix("why", subject[1], may_say_no=True)


def ready_count(session: Session) -> int:
    """How many accounts are ready at this moment."""
    with open_reader(session.warehouse, session.say) as connection:
        return connection.execute("select count(*) from outreach.outreach_ready").fetchone()[0]


if __name__ == "__main__":
    main()
