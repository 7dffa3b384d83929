"""`dealix policy-diff`: who would move between ready, needs_review and blocked under other rules."""

import csv
import shutil
from pathlib import Path
from typing import Any

import click
import duckdb

from python_jobs.command_line import Session, UsageProblem, command
from python_jobs.outreach_events import printable, select_dicts
from python_jobs.warehouse.connection import open_reader
from python_jobs.warehouse.dbt_runner import run_dbt
from python_jobs.warehouse.scratch import scratch_folder

# What the rules decide on the built tables; the rest of the gate is views.
DECIDED = ("applicable_rules", "policy_version", "build_verdicts")
VERDICTS = ("needs_review", "blocked")
SHOWN = 50


def policy_diff(session: Session, rules_file: Path) -> dict[str, Any]:
    """The moves, by company and by contact and channel, when the rules of the file count.

    The project's own models judge a copy of the warehouse; nothing of the warehouse is changed. Rules
    that the file does not name stay as they are. Raises UsageProblem for a file that is no list of rules.
    """
    wanted = _read_rules(rules_file)
    with scratch_folder(session.warehouse, "policy", session.say) as scratch:
        # The same file name: views carry the catalog's name.
        copy = scratch / session.warehouse.name
        with open_reader(session.warehouse, session.say):
            shutil.copyfile(session.warehouse, copy)
            wal = session.warehouse.with_name(session.warehouse.name + ".wal")
            if wal.exists():
                shutil.copyfile(wal, copy.with_name(wal.name))
        with duckdb.connect(str(copy)) as connection:
            looser, changed = _change_rules(connection, wanted, rules_file)
            _keep_verdicts(connection, "before")
        session.say(f"Judging everything again under {len(changed)} changed rules, on a copy.")
        selection = [argument for model in DECIDED for argument in ("--select", model)]
        run_dbt(copy, ["run", *selection, "--full-refresh"], session.say, scratch / "dbt")
        with duckdb.connect(str(copy)) as connection:
            _keep_verdicts(connection, "after")
            return {
                "rules_changed": changed,
                "looser_than_floor": looser,
                "policy_version": _versions(connection),
                **_moves(connection),
            }


def _read_rules(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                {name: (cell or "").strip() for name, cell in row.items() if name is not None}
                for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageProblem(f"{path} cannot be read: {error}.") from error
    if not rows or not {"rule_id", "verdict"} <= set(rows[0]):
        raise UsageProblem(f"{path} is no list of rules: it needs the columns rule_id and verdict.")
    return rows


def _change_rules(
    connection: duckdb.DuckDBPyConnection, wanted: list[dict[str, str]], path: Path
) -> tuple[list[str], list[dict[str, str]]]:
    """Put the file's verdicts and days into the copy; returns what is below its floor, and the changes."""
    known = {
        row["rule_id"]: row
        for row in select_dicts(
            connection,
            """
            select rules.rule_id, rules.verdict as seed_verdict, applied.verdict, applied.floor_verdict,
                applied.evaluated, rules.effective_from
            from reference.compliance_rules as rules
            inner join compliance.applicable_rules as applied on rules.rule_id = applied.rule_id
            """,
        )
    }
    looser, changed = [], []
    for line, row in enumerate(wanted, start=2):
        rule = known.get(row["rule_id"])
        if rule is None:
            raise UsageProblem(f"{path}, line {line}: {row['rule_id']!r} is no rule of ours: it has no file.")
        if rule["evaluated"] == "finding":
            continue
        if row["verdict"] not in VERDICTS:
            raise UsageProblem(
                f"{path}, line {line}: {row['verdict']!r} is no verdict of a rule ({', '.join(VERDICTS)})."
            )
        days = row.get("effective_from") or str(rule["effective_from"])
        if (row["verdict"], days) == (rule["verdict"], str(rule["effective_from"])):
            continue
        if rule["floor_verdict"] == "blocked" and row["verdict"] == "needs_review":
            looser.append(row["rule_id"])
        changed.append({"rule_id": row["rule_id"], "before": rule["verdict"], "after": row["verdict"]})
        try:
            # With its floor, to see what a milder rule would do; the build would not take it.
            connection.execute(
                """
                update reference.compliance_rules
                set verdict = $verdict, floor = $verdict, effective_from = cast($day as date)
                where rule_id = $rule_id
                """,
                {"verdict": row["verdict"], "day": days, "rule_id": row["rule_id"]},
            )
        except duckdb.ConversionException as error:
            raise UsageProblem(f"{path}, line {line}: {days!r} is no day (YYYY-MM-DD).") from error
        connection.execute("delete from reference.rule_overrides where rule_id = ?", [row["rule_id"]])
    return looser, changed


def _keep_verdicts(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(
        f"""
        create table main.verdicts_{name} as
        select verdict_id, account_id, contact_id, channel, verdict, reasons from compliance.live_verdicts
        """
    )
    connection.execute(
        f"create table main.companies_{name} as select account_id, verdict from outreach.outreach_candidates"
    )
    connection.execute(
        f"create table main.policy_{name} as select policy_version from compliance.policy_version"
    )


def _versions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    before, after = connection.execute(
        "select before.policy_version, after.policy_version"
        " from main.policy_before as before cross join main.policy_after as after"
    ).fetchone()
    return {"before": before, "after": after}


def _moves(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    counts = {
        what: select_dicts(
            connection,
            f"""
            select before.verdict as before, after.verdict as after, count(*) as count
            from main.{table}_before as before
            inner join main.{table}_after as after on before.{key} = after.{key}
            group by all order by before.verdict, after.verdict
            """,
        )
        for what, table, key in (
            ("companies", "companies", "account_id"),
            ("contact_channels", "verdicts", "verdict_id"),
        )
    }
    moved = select_dicts(
        connection,
        """
        select
            accounts.company_name, before.account_id, before.contact_id, before.channel,
            before.verdict as before, after.verdict as after, after.reasons
        from main.verdicts_before as before
        inner join main.verdicts_after as after on before.verdict_id = after.verdict_id
        left join graph.accounts as accounts on before.account_id = accounts.account_id
        where before.verdict <> after.verdict
        order by before.verdict, after.verdict, accounts.company_name, before.verdict_id
        """,
    )
    return {**counts, "moved_total": len(moved), "moved": moved}


def as_text(document: dict[str, Any]) -> str:
    """The document for a person."""
    lines = [f"{rule['rule_id']}: {rule['before']} -> {rule['after']}" for rule in document["rules_changed"]]
    if not lines:
        return "The file changes no rule."
    lines += [
        f"Milder than its floor, the build would refuse it: {rule}" for rule in document["looser_than_floor"]
    ]
    for what, title in (("companies", "Companies"), ("contact_channels", "Contacts by channel")):
        lines.append(title)
        for row in document[what]:
            stays = " (stay)" if row["before"] == row["after"] else ""
            lines.append(f"  {row['before']:<12} -> {row['after']:<12} {row['count']:>8,}{stays}")
    for row in document["moved"][:SHOWN]:
        lines.append(
            printable(f"  {row['before']} -> {row['after']}  {row['company_name']} | {row['channel']}")
        )
    if document["moved_total"] > SHOWN:
        lines.append(f"  ... and {document['moved_total'] - SHOWN:,} more (--json has all)")
    return "\n".join(lines)


@command("policy-diff")
@click.option(
    "--with",
    "rules_file",
    required=True,
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="Other rules: columns rule_id and verdict, and effective_from if you like.",
)
def main(session: Session, rules_file: Path) -> int:
    """Show who would move between ready, needs_review and blocked if other rules counted.

    FILE is like seeds/compliance/compliance_rules.csv, or a part of it. The warehouse is not changed: its
    copy is judged by the same models.
    """
    document = policy_diff(session, rules_file)
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
