"""Reading distinct phone cells on one core: the way of the landing against plain phonenumbers.

The parser (parse_phones) defines what is right; the landing's way has to say the same of every cell.
"""

import json
import tempfile
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


def _plain_library(cells: list[str]) -> dict[str, int]:
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


def _parser(cells: list[str]) -> dict[str, int]:
    return {"valid": sum(any(phone.is_valid for phone in parse_phones(cell)) for cell in cells)}


def _landing(cells: list[str]) -> dict[str, int]:
    found, others = _read_set_based(cells)
    return {"by_sql": len(found), "by_parser": len([parse_phones(cell) for cell in others])}


def _differences(cells: list[str]) -> dict[str, int]:
    found, _ = _read_set_based(cells)
    different = 0
    for cell, e164, phone_type, region, extension in found:
        parsed = [tuple(getattr(phone, name) for name in COMPARED) for phone in parse_phones(cell)]
        different += parsed != [(1, e164, phone_type, region, extension, True, None)]
    return {"compared": len(found), "different": different}


def _read_set_based(cells: list[str]) -> tuple[list[tuple], list[str]]:
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.execute("create temp table mapped_cells (field varchar, value varchar)")
    connection.execute("insert into mapped_cells select 'phone', unnest($cells)", {"cells": cells})
    collect_cells(connection, "temp.mapped_cells")
    connection.execute(f"create temp table read_cells as {accepted('temp.cells')}")
    found = connection.execute(
        "select value, e164, phone_type, region, extension from temp.read_cells"
    ).fetchall()
    others = connection.execute(
        "select value from temp.cells where value not in (select value from temp.read_cells)"
    ).fetchall()
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
        cells = _cells(file)
        click.echo(json.dumps(timed(lambda: {"cells": len(cells), **PARTS[part](cells)})))
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


def _cells(file: Path) -> list[str]:
    rows = duckdb.execute(
        """
        select distinct unnest([Phone, Mobile]) as cell
        from read_csv($path, all_varchar = true) order by cell
        """,
        {"path": str(file)},
    ).fetchall()
    return [cell for (cell,) in rows if cell]


if __name__ == "__main__":
    main()
