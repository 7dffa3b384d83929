"""How long it takes to read today's best fifty rows, and how soon an opt-out counts, on a large warehouse.

`python -m benchmarks.read_speed --rows 1350000` generates two lists (a tenth, and all of it: about a million
accounts), imports and builds each, lands a fifth as many opt-outs and a tenth as many outreach events as rows
with the warehouse's own keyed hashes, and reads `outreach.outreach_ready`. With --lake FOLDER a lake that is
built already is the large one; a copy of it is used. The report goes to results/read_speed.md.
"""

import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb

from benchmarks.build_speed import METADATA, build, measured
from benchmarks.generate_list import generate_list
from python_jobs.landing.keyed_hash import read_key, sql_hash

RESULTS = Path(__file__).parent / "results" / "read_speed.md"
TOP = "select * from outreach.outreach_ready order by priority, total_score desc limit 50"
JUDGED = "select * from outreach.outreach_candidates where verdict = 'ready'"
REPEATS = 5
TARGET_SECONDS = 1.0


@dataclass(frozen=True)
class Reading:
    """One lake: its size, and seconds (wall, CPU) of each step."""

    accounts: int
    suppressions: int
    events: int
    ready: int
    top: tuple[float, float]
    judged: tuple[float, float]
    differing: int
    landing: float
    whole_command: float
    python_start: float


def built_lake(folder: Path, rows: int) -> None:
    """A generated list of so many rows, imported and built."""
    folder.mkdir(parents=True)
    generate_list(folder / "list.csv", rows)
    measured(folder, "python_jobs", "import", str(folder / "list.csv"), "--source-name", "list", *METADATA)
    build(folder)


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


def read(folder: Path, suppressions: int, events: int) -> Reading:
    """Land the events and measure everything on this lake."""
    path = folder / "dealix.duckdb"
    land_events(path, suppressions, events)
    with duckdb.connect(str(path), read_only=True) as connection:
        counts = [
            connection.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("graph.accounts", "raw.suppression_events", "raw.outreach_events")
        ]
        top = seconds_of(lambda: connection.execute(TOP).fetchall())
        judged = seconds_of(lambda: connection.execute(f"select count(*) from ({JUDGED})").fetchall(), 1)
        ready, differing = connection.execute(
            f"""
            with judged as materialized ({JUDGED}), ready as materialized (from outreach.outreach_ready)
            select
                (select count(*) from ready),
                (select count(*) from (from judged except from ready))
                + (select count(*) from (from ready except from judged))
            """
        ).fetchone()
        email, account = connection.execute(
            f"select email, account_id from ({TOP}) where email is not null limit 1"
        ).fetchone()
    started = time.monotonic()
    measured(folder, "python_jobs", "suppress", "--email", email, "--reason", "asked", "--yes")
    whole_command = time.monotonic() - started
    started = time.monotonic()
    measured(folder, "python_jobs", "suppress", "--help")
    python_start = time.monotonic() - started
    with duckdb.connect(str(path), read_only=True) as connection:
        left = connection.execute(f"select count(*) from ({TOP}) where email = ?", [email]).fetchone()[0]
        if left:
            raise RuntimeError(f"{account} is still ready after its mailbox opted out")
    return Reading(
        *counts,
        ready=ready,
        top=top,
        judged=judged,
        differing=differing,
        landing=landing_seconds(path),
        whole_command=whole_command,
        python_start=python_start,
    )


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


def report(small: Reading, large: Reading) -> str:
    """The table, with the growth from the small lake to the large one."""
    growth = large.top[1] / small.top[1]
    size = large.accounts / small.accounts

    def line(name: str, value: Callable[[Reading], str]) -> str:
        return f"| {name} | {value(small)} | {value(large)} |"

    rows = [
        line("accounts", lambda lake: f"{lake.accounts:,}"),
        line("opt-outs", lambda lake: f"{lake.suppressions:,}"),
        line("outreach events", lambda lake: f"{lake.events:,}"),
        line("rows in outreach_ready", lambda lake: f"{lake.ready:,}"),
        line(
            "**top 50 of outreach_ready, s**", lambda lake: f"**{lake.top[0]:.2f}** (CPU {lake.top[1]:.2f})"
        ),
        line(
            "the ready rows of outreach_candidates, which judges everybody, s",
            lambda lake: f"{lake.judged[0]:.2f} (CPU {lake.judged[1]:.2f})",
        ),
        line("rows in which the two differ", lambda lake: str(lake.differing)),
        line("an opt-out lands, s", lambda lake: f"{lake.landing:.2f}"),
        line(
            "`dealix suppress`, whole process with what it reaches, s",
            lambda lake: f"{lake.whole_command:.2f}",
        ),
        line("of which starting Python", lambda lake: f"{lake.python_start:.2f}"),
    ]
    table = "\n".join(rows)
    return f"""# Reading what is ready

{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()},
DuckDB {duckdb.__version__}. Medians of {REPEATS}, one connection. On a shared machine wall time counts
whoever else works: with two threads, half the CPU time is what a quiet one needs.

| | small | large |
|---|---|---|
{table}

- Target for the top 50: <= {TARGET_SECONDS:g} s, and to land an opt-out <= 1 s.
- Growth of the top 50, CPU time: {growth:.1f}x for {size:.1f}x the accounts.
"""


@click.command()
@click.option("--rows", type=click.IntRange(min=1000), default=1_350_000, show_default=True)
@click.option("--lake", type=click.Path(path_type=Path, exists=True), help="A built lake, for the large one.")
def main(rows: int, lake: Path | None) -> None:
    """Measure reads of outreach_ready and write benchmarks/results/read_speed.md."""
    with tempfile.TemporaryDirectory(prefix="read_speed_") as scratch:
        small, large = Path(scratch) / "small", Path(scratch) / "large"
        built_lake(small, rows // 10)
        if lake is None:
            built_lake(large, rows)
        else:
            large.mkdir()
            for name in ("dealix.duckdb", "dealix.key"):
                shutil.copy2(lake / name, large / name)
        readings = []
        for folder, size in ((small, rows // 10), (large, rows)):
            readings.append(read(folder, int(size / 1.35 / 5), int(size / 1.35 / 10)))
            click.echo(str(readings[-1]), err=True)
        text = report(*readings)
    RESULTS.write_text(text, encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
