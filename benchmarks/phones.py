"""Reading distinct phone cells on one core: the way of the landing against plain phonenumbers.

The parser (parse_phones) defines what is right; the landing's way has to say the same of every cell.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import phonenumbers

from benchmarks.generate_list import generate_list
from benchmarks.measure import measure, report, timed
from python_jobs.landing.parse_phones import parse_phones
from python_jobs.landing.set_based.cells import collect_cells
from python_jobs.landing.set_based.phones import accepted

COMPARED = ("position", "e164", "phone_type", "region", "extension", "is_valid", "reject_reason")


def _plain_library(connection: duckdb.DuckDBPyConnection) -> Callable[[], dict[str, int]]:
    cells = _cells(connection)

    def work() -> dict[str, int]:
        valid = 0
        for cell in cells:
            try:
                number = phonenumbers.parse(cell, "SA")
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(number):
                phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
                phonenumbers.number_type(number)
                valid += 1
        return {"valid": valid}

    return work


def _parser(connection: duckdb.DuckDBPyConnection) -> Callable[[], dict[str, int]]:
    cells = _cells(connection)
    return lambda: {"valid": sum(any(phone.is_valid for phone in parse_phones(cell)) for cell in cells)}


def _landing(connection: duckdb.DuckDBPyConnection) -> Callable[[], dict[str, int]]:
    def work() -> dict[str, int]:
        found, others = _read_set_based(connection)
        return {"by_sql": found, "by_parser": len([parse_phones(cell) for cell in others])}

    return work


def _differences(connection: duckdb.DuckDBPyConnection) -> Callable[[], dict[str, int]]:
    def work() -> dict[str, int]:
        _read_set_based(connection)
        rows = connection.execute(
            "select value, e164, phone_type, region, extension from temp.read_cells"
        ).fetchall()
        different = 0
        for cell, e164, phone_type, region, extension in rows:
            parsed = [tuple(getattr(phone, name) for name in COMPARED) for phone in parse_phones(cell)]
            different += parsed != [(1, e164, phone_type, region, extension, True, None)]
        return {"compared": len(rows), "different": different}

    return work


def _read_set_based(connection: duckdb.DuckDBPyConnection) -> tuple[int, list[str]]:
    """What land_values does with temp.mapped_cells: how many SQL reads, and the cells that it leaves."""
    collect_cells(connection, "temp.mapped_cells")
    connection.execute(f"create or replace temp table read_cells as {accepted('temp.cells')}")
    others = connection.execute("select value from temp.read_cells where e164 is null").fetchall()
    connection.execute("delete from temp.read_cells where e164 is null")
    found = connection.execute("select count(*) from temp.read_cells").fetchone()[0]
    return found, [cell for (cell,) in others]


PARTS = {"library": _plain_library, "parser": _parser, "landing": _landing, "differences": _differences}


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--rows", default=1_000_000, show_default=True, help="Length of the list when no FILE is given."
)
@click.option("--part", type=click.Choice(list(PARTS)), hidden=True)
def main(file: Path | None, rows: int, part: str | None) -> None:
    """Measure reading the phones of FILE, a list that benchmarks.generate_list made."""
    if part:
        connection = _mapped_cells(file)
        work = PARTS[part](connection)
        click.echo(json.dumps(timed(work) | {"cells": len(_cells(connection))}))
        return
    with tempfile.TemporaryDirectory(prefix="dealix_benchmark_") as folder:
        if file is None:
            file = Path(folder) / "list.csv"
            generate_list(file, rows)
        library, parser, landing, differences = (
            measure("benchmarks.phones", file, "--part", part) for part in PARTS
        )
    differences = differences.answer
    report(
        "phones",
        f"Reading {library.answer['cells']:,} distinct phone cells on one core",
        [
            ("plain phonenumbers: parse, validity, E.164, type (baseline)", library, None),
            ("parse_phones, one cell after the other", parser, None),
            ("the landing's way: SQL from phonenumbers' metadata, the parser for the rest", landing, 0.1),
        ],
        f"Read by SQL: {landing.answer['by_sql']:,}; by the parser: {landing.answer['by_parser']:,}. "
        f"SQL and parser differ on {differences['different']:,} of {differences['compared']:,} cells.",
    )
    if differences["different"]:
        raise click.ClickException("The landing reads cells otherwise than the parser does.")


def _mapped_cells(file: Path) -> duckdb.DuckDBPyConnection:
    """Where a landing begins: the cells in DuckDB. Those who read them one by one get them as a list."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(
        """
        create temp table mapped_cells as
        select distinct 'phone' as field, unnest([Phone, Mobile]) as value
        from read_csv($path, all_varchar = true)
        """,
        {"path": str(file)},
    )
    return connection


def _cells(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("select value from temp.mapped_cells where value <> '' order by value")
    return [cell for (cell,) in rows.fetchall()]


if __name__ == "__main__":
    main()
