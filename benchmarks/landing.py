"""Landing a list, and landing it with all its phones, emails and websites read, against a bare load.

The baseline is DuckDB's `create table as select * from read_csv(..., all_varchar = true)` on the same file.
"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import duckdb

from benchmarks.generate_list import generate_list
from benchmarks.measure import measure, report, timed
from python_jobs.landing import land_leads as landing
from python_jobs.landing.column_mapping import propose_mapping
from python_jobs.landing.import_metadata import check_metadata
from python_jobs.landing.lead_file import open_lead_file
from python_jobs.warehouse.connection import open_writer


def _bare_load(file: Path, warehouse: Path) -> dict[str, Any]:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create table bare as select * from read_csv($path, all_varchar = true)", {"path": str(file)}
        )
    return {}


def _adding_to(parsing: dict[str, float], part: Callable) -> Callable:
    """The same function, which adds its times to `parsing`."""

    def timed_part(*arguments):
        taken = timed(lambda: part(*arguments) or {})
        for name in parsing:
            parsing[name] += taken[name]

    return timed_part


def _land(file: Path, warehouse: Path) -> dict[str, Any]:
    """Land the file as an import does; tells which part of it the reading of the values took."""
    parts = ("read_values", "land_read_values")
    parsing = {"seconds": 0.0, "cpu_seconds": 0.0}
    for name in parts:
        setattr(landing, name, _adding_to(parsing, getattr(landing, name)))
    metadata = check_metadata("benchmark", "owned", "customer_relationship", risk_level="low")
    with open_lead_file(file) as lead_file, open_writer(warehouse, "benchmark") as connection:
        mapping = propose_mapping(lead_file.columns, lead_file.sample)
        landing.land_leads(
            connection,
            lead_file,
            mapping,
            metadata,
            "benchmark",
            progress=lambda text: click.echo(text, err=True),
        )
    return {"parsing": parsing}


PARTS = {"bare": _bare_load, "land": _land}


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--rows", default=1_000_000, show_default=True, help="Length of the list when no FILE is given."
)
@click.option("--part", type=click.Choice(list(PARTS)), hidden=True)
@click.option("--into", type=click.Path(path_type=Path), hidden=True)
def main(file: Path | None, rows: int, part: str | None, into: Path | None) -> None:
    """Measure landing against a bare load of FILE (or of a generated list)."""
    if part:
        click.echo(json.dumps(timed(lambda: PARTS[part](file, into))))
        return
    with tempfile.TemporaryDirectory(prefix="dealix_benchmark_") as folder:
        if file is None:
            file = Path(folder) / "list.csv"
            generate_list(file, rows)
        else:
            with file.open("rb") as lines:
                rows = sum(1 for _ in lines) - 1
        bare, whole = (
            measure("benchmarks.landing", file, "--part", part, "--into", Path(folder) / f"{part}.duckdb")
            for part in PARTS
        )
    rows_only = replace(
        whole,
        seconds=whole.seconds - whole.answer["parsing"]["seconds"],
        cpu_seconds=whole.cpu_seconds - whole.answer["parsing"]["cpu_seconds"],
    )
    report(
        f"landing_{rows}",
        f"Landing a list of {rows:,} rows",
        [
            ("bare load (baseline)", bare, None),
            ("landing: every row as JSON with hash and number, counts checked", rows_only, 2),
            ("landing, all distinct phones, emails and websites read", whole, 5),
        ],
        "Without the start of Python. Landing first looks through the file for its encoding, shape and hash, "
        "and counts its records; the bare load does not.",
    )


if __name__ == "__main__":
    main()
