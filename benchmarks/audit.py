"""`dealix audit` against `dealix import` of the same list, as a user runs them."""

import tempfile
from pathlib import Path

import click

from benchmarks.generate_list import generate_list
from benchmarks.measure import measure, report

METADATA = (
    "--source-name", "benchmark", "--source-type", "partner",
    "--allowed-use", "partner_referral", "--risk-level", "low",
)  # fmt: skip


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--rows", default=1_000_000, show_default=True, help="Length of the list when no FILE is given."
)
def main(file: Path | None, rows: int) -> None:
    """Measure the audit of FILE (or of a generated list) against its import."""
    with tempfile.TemporaryDirectory(prefix="dealix_benchmark_") as name:
        folder = Path(name)
        if file is None:
            file = folder / "list.csv"
            generate_list(file, rows)
        environment = {"DEALIX_WAREHOUSE": str(folder / "dealix.duckdb")}
        few = folder / "few.csv"
        generate_list(few, 100)
        # The project is read once and remembered: the start that every later audit has.
        start = measure("python_jobs", "audit", few, "--json", environment=environment, good=(0, 1))
        start = measure("python_jobs", "audit", few, "--json", environment=environment, good=(0, 1))
        audit = measure(
            "python_jobs", "audit", file, *METADATA, "--json", environment=environment, good=(0, 1)
        )
        landed = measure("python_jobs", "import", file, *METADATA, "--json", environment=environment)
    rows = audit.answer["rows"]
    report(
        f"audit_{rows}",
        f"Auditing a list of {rows:,} rows",
        [
            ("dealix import: the rows landed, all values read (baseline)", landed, None),
            ("dealix audit: landed, built, judged", audit, None),
            ("dealix audit of 100 rows: the fixed start", start, None),
        ],
        "Target for a million rows on two idle cores: 60 seconds, 2,000 MB.",
    )


if __name__ == "__main__":
    main()
