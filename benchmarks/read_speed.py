"""How long an operator waits on a large warehouse: the best fifty rows, prepare, queue, export, an opt-out.

`python -m benchmarks.read_speed` generates two lists (a tenth, and all of it), imports and builds them, lands
a fifth as many opt-outs and a tenth as many outreach events as accounts with the warehouse's own keyed
hashes, and measures; the large one a second time with everybody ready whom a channel reaches. With --lakes
FOLDER the built lakes are kept there, and taken from there the next time. The report goes to
results/read_speed.md.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb

from benchmarks.build_speed import METADATA, ROOT, build, dbt, measured
from benchmarks.generate_list import generate_list
from python_jobs.landing.keyed_hash import read_key, sql_hash

RESULTS = Path(__file__).parent / "results" / "read_speed.md"
TOP = "select * from outreach.outreach_ready order by priority, total_score desc limit 50"
# A view that is asked about few, the columns compared, and the same rows of one that judges everybody.
VERDICT = "verdict_id, account_id, contact_id, channel, verdict, rule_ids, reasons, evidence, preference"
SAME_ANSWERS = {
    "outreach.outreach_ready": ("*", "outreach.outreach_candidates where verdict = 'ready'"),
    "outreach.queue_verdicts": (
        VERDICT,
        "compliance.live_verdicts where account_id in (select account_id from outreach.queue_verdicts)",
    ),
}
WHOLE_VIEWS = ("outreach_ready", "outreach_queue", "outreach_candidates", "outreach_preparation")
TOP_NAME = "**top 50 of outreach_ready**"
REPEATS = 5
TARGET_SECONDS = 1.0


@dataclass(frozen=True)
class Reading:
    """One lake: what it holds, wall and CPU seconds of each read, wall seconds of each whole command."""

    name: str
    counts: dict[str, int]
    reads: dict[str, tuple[float, float]]
    commands: dict[str, float]
    differing: int
    landing: float


def built_lake(folder: Path, rows: int) -> None:
    """A generated list of so many rows, imported and built. Left as it is when it is there already."""
    if (folder / "built").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    generate_list(folder / "list.csv", rows)
    measured(folder, "python_jobs", "import", str(folder / "list.csv"), "--source-name", "list", *METADATA)
    build(folder)
    (folder / "list.csv").unlink()
    (folder / "built").touch()


def make_ready(folder: Path) -> None:
    """Let the build's verdict be ready on every channel on which outreach may begin, as if all had agreed.

    What is read afterwards depends on the verdicts and not on how they came about.
    """
    with duckdb.connect(str(folder / "dealix.duckdb")) as connection:
        connection.execute(
            """
            update compliance.build_verdicts set verdict_rank = 0, rules = '', reasons = '', evidence = ''
            where contact_id is not null and channel in ('email_warm', 'phone_task')
            """
        )
    dbt(folder, "run", "--select", "ready_content")


def land_events(path: Path, suppressions: int, events: int) -> None:
    """Opt-outs, three in five of somebody in the lake and the rest of strangers, and an outreach history.

    As `dealix suppress --from-file`, `prepare`, `approve`, `export` and `outcome` land them, but in one
    statement each.
    """
    with duckdb.connect(str(path)) as connection:
        key = read_key(connection, path)
        connection.execute(
            f"""
            insert into raw.suppression_events (
                event_id, event, kind, subject_hash, masked_display, scope, reason, key_id, actor, occurred_at
            )
            with known as (
                select kind, hash from graph.contact_identifiers
                where hash is not null order by hash limit $known
            ),
            strangers as (
                select
                    'phone' as kind,
                    {sql_hash("'phone:+966590' || cast(100000 + number as varchar)")} as hash
                from range($strangers) as numbers (number)
            )
            select
                'sup_' || left(hash, 16), 'opt_out', kind, hash, 'masked', 'all', 'asked', $key_id,
                'benchmark', now()::timestamp - interval 1 day
            from (from known union all from strangers)
            """,
            {
                **key.sql_parameters(),
                "key_id": key.key_id,
                "known": suppressions * 3 // 5,
                "strangers": suppressions - suppressions * 3 // 5,
            },
        )
        connection.execute(
            """
            insert into raw.outreach_events by name
            with items as (
                select
                    'que_' || left(md5(verdict_id), 16) as queue_id, account_id, contact_id, channel,
                    row_number() over (order by md5(verdict_id)) as number
                from outreach.outreach_content
                where contact_id is not null and channel in ('email_warm', 'phone_task')
            ),
            steps (event, share) as (
                values ('queued', 0.4), ('approved', 0.3), ('exported', 0.2), ('outcome', 0.1)
            )
            select
                'evt_' || left(md5(queue_id || event), 16) as event_id, queue_id, event, account_id,
                contact_id, channel, 'benchmark' as actor, now()::timestamp - interval 1 day as occurred_at,
                now()::timestamp + interval 13 day as expires_at, 'h' as content_hash,
                case when event = 'outcome' then if(number % 10 = 0, 'opted_out', 'replied') end as reason
            from items
            inner join steps on number <= share * $events
            """,
            {"events": events},
        )


def seconds_of(step: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Median wall and CPU seconds; one run before them is not counted."""
    step()
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.monotonic(), time.process_time()
        step()
        walls.append(time.monotonic() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def read(name: str, folder: Path, suppressions: int, events: int) -> Reading:
    """Land the events in the lake and measure everything on it."""
    path = folder / "dealix.duckdb"
    land_events(path, suppressions, events)
    with duckdb.connect(str(path), read_only=True) as connection:

        def value(query: str) -> int:
            return connection.execute(query).fetchone()[0]

        counts = {
            "accounts": value("select count(*) from graph.accounts"),
            "opt-outs": value("select count(*) from raw.suppression_events"),
            "outreach events": value("select count(*) from raw.outreach_events"),
            "rows in outreach_ready": value("select count(*) from outreach.outreach_ready"),
            "rows in outreach_preparable": value("select count(*) from outreach.outreach_preparable"),
            "rows in outreach_queue": value("select count(*) from outreach.outreach_queue"),
        }
        reads = {TOP_NAME: seconds_of(lambda: connection.execute(TOP).fetchall())}
        for view in WHOLE_VIEWS:
            reads[f"all of {view}"] = seconds_of(lambda: keep(connection, view), 1)  # noqa: B023
        differing = sum(
            value(
                f"""
                with fast as materialized (select {columns} from {view}),
                slow as materialized (select {columns} from {judged})
                select count(*) from (
                    (from fast except all from slow) union all (from slow except all from fast)
                )
                """
            )
            for view, (columns, judged) in SAME_ANSWERS.items()
        )
        email = value(f"select min(email) from ({TOP}) where email is not null")
    commands = whole_commands(folder, email)
    with duckdb.connect(str(path), read_only=True) as connection:
        if connection.execute(f"select 1 from ({TOP}) where email = ?", [email]).fetchone():
            raise RuntimeError("a contact is still ready after its mailbox opted out")
    return Reading(name, counts, reads, commands, differing, landing_seconds(path))


def keep(connection: duckdb.DuckDBPyConnection, view: str) -> None:
    """Read all rows and columns of the view into a table that is gone with the connection."""
    connection.execute(f"create or replace temp table kept as from outreach.{view}")


def whole_commands(folder: Path, email: str) -> dict[str, float]:
    """Wall seconds of the operator's commands, each a process of its own, one after the other."""
    environment = {**os.environ, "DEALIX_WAREHOUSE": str(folder / "dealix.duckdb"), "PYTHONPATH": str(ROOT)}
    seconds = {}

    def run(name: str, *arguments: str) -> dict:
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "python_jobs", *arguments, "--json"],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        seconds[f"`dealix {name}`"] = time.monotonic() - started
        if done.returncode not in (0, 1):
            raise RuntimeError(f"dealix {name}: {done.stderr}")
        return json.loads(done.stdout)

    offered = run("prepare", "prepare", "--priority", "P0,P1,P2,P3", "--max-accounts", "50")
    run("prepare --persist", "prepare", "--priority", "P0,P1,P2,P3", "--max-accounts", "50", "--persist")
    run("queue", "queue")
    wanted = {(item["contact_id"], item["channel"]) for item in offered["queueable"]}
    waiting = run("queue --status queued", "queue", "--status", "queued", "--limit", "1000000")["items"]
    ids = [item["queue_id"] for item in waiting if (item["contact_id"], item["channel"]) in wanted]
    run("approve", "approve", *ids, "--reason", "looked at it")
    exported = run("export", "export", "--max", "50", "--out", str(folder / "exported.csv"))
    if exported.get("rows") != 50:
        raise RuntimeError(f"50 were to be exported: {exported}")
    run("recall-check", "recall-check", str(folder / "exported.csv"))
    run("why", "why", email)
    run("suppress", "suppress", "--email", email, "--reason", "asked", "--yes")
    started = time.monotonic()
    measured(folder, "python_jobs", "suppress", "--help")
    seconds["of each: starting Python"] = time.monotonic() - started
    return seconds


def landing_seconds(path: Path) -> float:
    """Opening the warehouse for writing and landing one opt-out, until it is committed."""
    from python_jobs.landing.keyed_hash import open_key
    from python_jobs.suppress import SuppressionOrder, append_suppressions, read_subjects
    from python_jobs.warehouse.connection import open_writer

    def land() -> None:
        with open_writer(path, "benchmark") as connection:
            connection.begin()
            key = open_key(connection, path, "benchmark")
            subjects = read_subjects(connection, key, "phone", "+966590000001")
            append_suppressions(
                connection, [(subject, "asked") for subject in subjects], SuppressionOrder("benchmark")
            )
            connection.commit()

    return seconds_of(land)[0]


def report(lakes: list[Reading]) -> str:
    """The table, with the growth of the best fifty from the small lake to the large one."""
    small, large = lakes[:2]
    growth = large.reads[TOP_NAME][1] / small.reads[TOP_NAME][1]
    size = large.counts["accounts"] / small.counts["accounts"]

    def line(name: str, value: Callable[[Reading], str]) -> str:
        return f"| {name} | {' | '.join(value(lake) for lake in lakes)} |"

    rows = [
        *(line(name, lambda lake, name=name: f"{lake.counts[name]:,}") for name in large.counts),
        *(
            line(
                f"{name}, s",
                lambda lake, name=name: "{:.2f} (CPU {:.2f})".format(*lake.reads[name]),
            )
            for name in large.reads
        ),
        line("rows in which a view that is asked about few differs", lambda lake: str(lake.differing)),
        line("an opt-out lands, s", lambda lake: f"{lake.landing:.2f}"),
        *(
            line(f"{name}, s", lambda lake, name=name: f"{lake.commands[name]:.2f}")
            for name in large.commands
        ),
    ]
    table = "\n".join(rows)
    heads = " | ".join(lake.name for lake in lakes)
    return f"""# What an operator waits for

{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()},
DuckDB {duckdb.__version__}. Reads are medians of {REPEATS} on one connection (of all of a view: one, after
one that is not counted), commands one whole process each. On a shared machine wall time counts whoever else
works: with two threads, half the CPU time is what a quiet one needs.

| | {heads} |
|---|{"---|" * len(lakes)}
{table}

- `outreach_candidates` judges everybody; the others only those that they are asked about, by the same rules.
- Target for the top 50: <= {TARGET_SECONDS:g} s, and to land an opt-out <= 1 s.
- Growth of the top 50, CPU time: {growth:.1f}x for {size:.1f}x the accounts.
"""


@click.command()
@click.option("--rows", type=click.IntRange(min=1000), default=1_350_000, show_default=True)
@click.option("--lakes", type=click.Path(path_type=Path, file_okay=False), help="Keep the built lakes here.")
def main(rows: int, lakes: Path | None) -> None:
    """Measure what an operator waits for and write benchmarks/results/read_speed.md."""
    with tempfile.TemporaryDirectory(prefix="read_speed_", dir=lakes) as scratch:
        readings = []
        for name, size in (("small", rows // 10), ("large", rows), ("large, most are ready", rows)):
            built = (lakes or Path(scratch)) / f"built_{size}"
            built_lake(built, size)
            folder = Path(scratch) / "lake"
            shutil.copytree(built, folder)
            if "ready" in name:
                make_ready(folder)
            readings.append(read(name, folder, int(size / 1.35 / 5), int(size / 1.35 / 10)))
            click.echo(str(readings[-1]), err=True)
            shutil.rmtree(folder)
        text = report(readings)
    RESULTS.write_text(text, encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
