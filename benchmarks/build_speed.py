"""How long a build takes: incremental against full, with dbt against without, and how much memory.

`python -m benchmarks.build_speed --rows 1000000` generates a list, lands 99 % of it, builds, lands the rest,
builds incrementally, in full again, and compares every table. Beyond dbt's fixed cost: the same build of
an empty lake is subtracted. Normalise and resolve are also run as plain SQL: the models' own compiled SQL,
without dbt, contracts or tests; and Splink resolves the same normalised rows. The report goes to
results/build_speed_ROWS.md.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb

from benchmarks.generate_list import generate_list
from benchmarks.matching_quality import splink_clusters

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
LAYERS = ("normalised", "identity")
# Above even odds.
SPLINK_CUT = 0.5
METADATA = (
    *("--source-type", "public", "--allowed-use", "public_business_contact"),
    *("--risk-level", "low"),
)
# They say what a build did, or grow until the next full one.
NOT_COMPARED = (
    *("moved_records", "touched_accounts", "touched_keys"),
    *("touched_blocks", "judged_accounts", "compared_names", "name_likenesses"),
)


@dataclass(frozen=True)
class Cost:
    """What a child process took: wall and CPU seconds, and its largest memory in MB."""

    wall: float
    cpu: float
    peak_mb: int


def measured(folder: Path, *command: str) -> Cost:
    """Run a module of this project on the lake in `folder`. Raises CalledProcessError when it fails."""
    environment = {
        **os.environ,
        "DEALIX_WAREHOUSE": str(folder / "dealix.duckdb"),
        "DEALIX_OPERATOR": "benchmark",
        "PYTHONPATH": str(ROOT),
    }
    started = time.monotonic()
    with (folder / "output.log").open("w") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", *command], env=environment, cwd=ROOT, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command, (folder / "output.log").read_text())
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def dbt(folder: Path, *arguments: str) -> Cost:
    """One dbt command on the lake, its artefacts beside it."""
    return measured(
        folder, "dbt.cli.main", "--quiet", *arguments, "--profiles-dir", ".",
        "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
    )  # fmt: skip


def build(folder: Path, *more: str) -> Cost:
    """A whole build with its data tests."""
    return dbt(folder, "build", "--exclude-resource-type", "unit_test", *more)


def node_seconds(folder: Path) -> dict[str, float]:
    """Seconds of the last dbt command's models, by layer."""
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    nodes = json.loads((folder / "target" / "manifest.json").read_text())["nodes"]
    seconds: dict[str, float] = {}
    for result in results:
        node = nodes.get(result["unique_id"])
        if node:
            layer = node["schema"] if node["resource_type"] == "model" else node["resource_type"]
            seconds[layer] = seconds.get(layer, 0) + result["execution_time"]
    return seconds


def plain_sql(folder: Path, *layers: str) -> Cost:
    """The compiled SQL of these layers, each model a `create table as`, in a process of its own."""
    chosen = [argument for layer in layers for argument in ("--layer", layer)]
    return measured(folder, "benchmarks.build_speed", "--plain", str(folder), *chosen)


def run_plain_sql(folder: Path, layers: tuple[str, ...]) -> None:
    """In dependency order, in place of what stands there."""
    manifest = json.loads((folder / "target" / "manifest.json").read_text())
    compiled = folder / "target" / "compiled" / "dealix"
    done: set[str] = set()
    models = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] in layers and node["name"] != "lead_rows"
    }
    with duckdb.connect(str(folder / "dealix.duckdb")) as connection:
        while len(done) < len(models):
            for unique_id, node in models.items():
                if unique_id in done or not (set(node["depends_on"]["nodes"]) & models.keys()) <= done:
                    continue
                sql = (compiled / node["original_file_path"]).read_text()
                kind = "view" if node["config"]["materialized"] == "view" else "table"
                connection.execute(f"drop {kind} if exists {node['schema']}.{node['name']} cascade")
                connection.execute(f"create {kind} {node['schema']}.{node['name']} as {sql}")
                done.add(unique_id)


def differing_tables(left: Path, right: Path) -> tuple[int, list[str]]:
    """How many derived tables two lakes have, and which of them do not hold the same rows."""
    differing = []
    # What this process held counts for the peak of every child that it starts later.
    with duckdb.connect(config={"memory_limit": "400MB"}) as connection:
        connection.execute(f"attach '{left}' as left_lake (read_only)")
        connection.execute(f"attach '{right}' as right_lake (read_only)")
        tables = connection.execute(
            """
            select schema_name || '.' || table_name from duckdb_tables()
            where database_name = 'left_lake' and schema_name not in ('raw', 'main')
                and not list_contains(?, table_name)
            """,
            [list(NOT_COMPARED)],
        ).fetchall()
        for (table,) in tables:
            one, other = (
                connection.execute(
                    f"select count(*), coalesce(sum(hash(t)::hugeint), 0) from {lake}.{table} as t"
                ).fetchone()
                for lake in ("left_lake", "right_lake")
            )
            if one != other:
                differing.append(table)
    return len(tables), differing


def parts(file: Path, added: int) -> tuple[Path, Path]:
    """The list in two files with the same header: all but the last `added` rows, and those."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    first, last = file.with_name("first.csv"), file.with_name("last.csv")
    first.write_text("".join(lines[:-added]), encoding="utf-8")
    last.write_text("".join([lines[0], *lines[-added:]]), encoding="utf-8")
    return first, last


def report(rows: int, added: int, kept: Path | None) -> str:
    """Measure everything and return the report; `kept` is an empty folder for the lakes, or a scratch one."""
    with nullcontext(kept) if kept else tempfile.TemporaryDirectory(prefix="build_speed_") as scratch:
        empty, lake = Path(scratch) / "empty", Path(scratch) / "lake"
        for folder in (empty, lake):
            folder.mkdir()
        say = lambda text: click.echo(text, err=True)  # noqa: E731
        generated = Path(scratch) / "list.csv"
        generate_list(generated, rows)
        first, last = parts(generated, added)
        # Once more: the builds that are compared do not read the project for the first time either.
        build(empty)
        fixed = build(empty)
        say(f"an empty lake: {fixed}")
        landing = measured(lake, "python_jobs", "import", str(first), "--source-name", "first", *METADATA)
        say(f"landed: {landing}")
        full = build(lake)
        full_nodes = node_seconds(lake)
        say(f"full: {full} {full_nodes}")
        measured(lake, "python_jobs", "import", str(last), "--source-name", "last", *METADATA)
        incremental = build(lake)
        incremental_nodes = node_seconds(lake)
        say(f"incremental: {incremental} {incremental_nodes}")
        mode = mode_of_last_build(lake)
        shutil.copyfile(lake / "dealix.duckdb", lake / "incremental.duckdb")
        again = build(lake, "--full-refresh")
        say(f"full again: {again}")
        count, differing = differing_tables(lake / "incremental.duckdb", lake / "dealix.duckdb")
        layers = dbt(lake, "run", "--full-refresh", "--select", *(f"path:models/{layer}" for layer in LAYERS))
        splink = measured(lake, "benchmarks.build_speed", "--splink", str(lake))
        plain = plain_sql(lake, *LAYERS)
        resolve = plain_sql(lake, "identity")
        say(f"normalise and resolve: dbt {layers}, plain {plain}; resolve: {resolve}, Splink {splink}")
    share = (incremental.cpu - fixed.cpu) / (again.cpu - fixed.cpu)
    lines = [
        _line("dbt build of an empty lake (fixed cost)", fixed, fixed),
        _line(f"full build of {rows - added:,} rows", full, fixed),
        _line(f"{mode} build, {added:,} rows more", incremental, fixed),
        _line(f"full build of {rows:,} rows", again, fixed),
        _line("normalise + resolve, dbt run", layers),
        _line("normalise + resolve, plain SQL", plain),
        _line("resolve, plain SQL", resolve),
        _line("resolve the same normalised rows with Splink, training included", splink),
    ]
    told = "\n".join(lines)
    return f"""# Build speed

{datetime.now(UTC):%Y-%m-%d}, {rows:,} generated rows of which {added:,} came last, {os.cpu_count()} cores,
Python {platform.python_version()}, DuckDB {duckdb.__version__}. Compare CPU seconds: the wall time of
a shared machine says little.

| | wall s | CPU s | CPU s beyond dbt's fixed cost | peak MB |
|---|---|---|---|---|
{told}

- Incremental / full, beyond the fixed cost: **{share:.2f}**
- Splink / resolve: **{splink.cpu / resolve.cpu:.1f}**
- Tables compared after the incremental and the full build: {count}, differing: **{len(differing)}**
  {", ".join(differing)}
"""


def _line(label: str, cost: Cost, fixed: Cost | None = None) -> str:
    beyond = f"{cost.cpu - fixed.cpu:.0f}" if fixed else ""
    return f"| {label} | {cost.wall:.0f} | {cost.cpu:.0f} | {beyond} | {cost.peak_mb:,} |"


def mode_of_last_build(folder: Path) -> str:
    """full or incremental."""
    with duckdb.connect(str(folder / "dealix.duckdb"), read_only=True) as connection:
        return connection.execute("select arg_max(mode, started_at) from raw.build_runs").fetchone()[0]


@click.command()
@click.option("--rows", type=click.IntRange(min=1000), default=1_000_000, show_default=True)
@click.option("--added", type=click.IntRange(min=1), default=10_000, show_default=True)
@click.option(
    "--lakes",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Keep the lakes in this folder.",
)
@click.option("--plain", type=click.Path(path_type=Path), hidden=True)
@click.option("--layer", "layers", multiple=True, hidden=True)
@click.option("--splink", type=click.Path(path_type=Path), hidden=True)
def main(
    rows: int,
    added: int,
    lakes: Path | None,
    plain: Path | None,
    layers: tuple[str, ...],
    splink: Path | None,
) -> None:
    """Measure builds of a generated list and write benchmarks/results/build_speed_ROWS.md."""
    if plain is not None:
        run_plain_sql(plain, layers)
        return
    if splink is not None:
        click.echo(len(splink_clusters(splink / "dealix.duckdb", SPLINK_CUT)))
        return
    text = report(rows, added, lakes)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"build_speed_{rows}.md").write_text(text, encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
