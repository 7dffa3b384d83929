"""What every command shares: --warehouse, --json, --by, exit statuses, errors as one sentence on stderr."""

import functools
import getpass
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import duckdb

from python_jobs.warehouse.connection import WarehouseError, warehouse_path

# Control characters but for the line end, and overrides of the direction.
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What DuckDB says of a view that was made while the file had another name.
MISSING_CATALOG = re.compile(r'Catalog "(?P<name>[^"]+)" does not exist')
OK, ANSWER_NO, WRONG_USE, WAREHOUSE_UNUSABLE = 0, 1, 2, 3


class UsageProblem(Exception):
    """Wrong use or unreadable input (exit status 2)."""


class Refusal(Exception):
    """A "no" as the answer, with the rule that says so (exit status 1)."""

    def __init__(self, text: str, rule_id: str | None = None):
        super().__init__(text)
        self.rule_id = rule_id


@dataclass(frozen=True)
class Session:
    """What a command knows about its call: the warehouse file and whether the answer is to be JSON."""

    warehouse: Path
    as_json: bool

    def say(self, text: str) -> None:
        """A message for the person who waits: stderr, never part of the answer."""
        click.echo(plain(text), err=True)

    def answer(self, document: dict[str, Any], text: str) -> None:
        """The command's answer on stdout: one JSON document with --json, else the text."""
        click.echo(
            json.dumps(document, ensure_ascii=False, default=as_json_value, indent=2)
            if self.as_json
            else plain(text)
        )


def plain(text: str) -> str:
    """The text without what steers a terminal: a list's header or a file's name must not."""
    return STEERING.sub(" ", text)


def command(name: str, **settings: Any) -> Callable[[Callable], click.Command]:
    """A click command with the global options; its function gets a Session and may return a status."""

    def decorate(function: Callable) -> click.Command:
        @functools.wraps(function)
        def call(warehouse: str | None, as_json: bool, **options: Any) -> None:
            try:
                session = Session(warehouse_path(warehouse), as_json)
                os.environ["DEALIX_WAREHOUSE"] = str(session.warehouse)
                status = function(session, **options)
            except UsageProblem as problem:
                status = _fail(as_json, str(problem), WRONG_USE)
            except Refusal as refusal:
                status = _fail(as_json, str(refusal), ANSWER_NO, refusal.rule_id)
            except WarehouseError as error:
                status = _fail(as_json, str(error), WAREHOUSE_UNUSABLE)
            except duckdb.CatalogException as error:
                status = _fail(
                    as_json,
                    "The warehouse has not been built yet, or by another version: run `dealix run` first. "
                    f"({str(error).splitlines()[0]})",
                    WAREHOUSE_UNUSABLE,
                )
            except duckdb.Error as error:
                status = _fail(as_json, _refused_by_duckdb(error, session.warehouse), WAREHOUSE_UNUSABLE)
            except BrokenPipeError:
                raise  # who reads the answer has seen enough
            except OSError as error:
                place = f" ({error.filename})" if error.filename else ""
                status = _fail(
                    as_json, f"The system refused: {error.strerror or error}{place}.", WAREHOUSE_UNUSABLE
                )
            sys.exit(status or OK)

        call = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")(call)
        call = click.option(
            "--warehouse",
            metavar="PATH",
            help="The DuckDB file. Default: DEALIX_WAREHOUSE, else warehouse/dealix.duckdb.",
        )(call)
        return click.command(name, cls=_JobCommand, **settings)(call)

    return decorate


class _JobCommand(click.Command):
    """With --json, a call that click cannot read has its answer on stdout as well."""

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **extra: Any) -> click.Context:
        given = list(args)
        try:
            return super().make_context(info_name, args, *more, **extra)
        except click.UsageError as problem:
            if "--json" in given:
                _print_error(problem.format_message(), WRONG_USE)
            raise


def by_option(function: Callable) -> Callable:
    """--by NAME: who does this. Default DEALIX_OPERATOR or the login name; always recorded."""
    return click.option(
        "--by",
        default=operator_name,
        show_default="DEALIX_OPERATOR or login name",
        callback=_named,
        help="Your name.",
    )(function)


def _named(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    # What nobody answers for is not approved, and not exported: a blank name would only look like one.
    if not any(character.isalnum() for character in name):
        raise click.BadParameter("say who does this: --by NAME, or DEALIX_OPERATOR.")
    return name.strip()


def only_one(options: Mapping[str, bool]) -> str:
    """The one option that was said. Raises UsageProblem for none, and for several: the last must not win."""
    said = [name for name, is_said in options.items() if is_said]
    if len(said) != 1:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in options)
        raise UsageProblem(f"Say exactly one of {names}.")
    return said[0]


def someone_can_be_asked() -> bool:
    """Whether a person sits at the other end."""
    return sys.stdin.isatty()


def operator_name() -> str:
    """DEALIX_OPERATOR, else the login name."""
    return os.environ.get("DEALIX_OPERATOR") or getpass.getuser()


def _refused_by_duckdb(error: duckdb.Error, warehouse: Path) -> str:
    """What DuckDB says; of views that carry the name which the file had when they were built, what to do."""
    found = MISSING_CATALOG.search(str(error))
    if found is None:
        return f"The warehouse refused: {str(error).splitlines()[0]}"
    return (
        f"{warehouse.name} was built under the name {found['name']}.duckdb, which its views carry. Give it "
        f"and its key that name back, in a folder of its own if need be, or run `dealix run` on it first."
    )


def _fail(as_json: bool, text: str, status: int, rule_id: str | None = None) -> int:
    if as_json:
        _print_error(text, status, rule_id)
    click.echo(f"Error: {plain(text)}", err=True)
    return status


def _print_error(text: str, status: int, rule_id: str | None = None) -> None:
    click.echo(json.dumps({"error": text, "rule_id": rule_id, "exit_status": status}, ensure_ascii=False))


def as_json_value(value: Any) -> Any:
    """Dates, decimals and paths as JSON has them. Raises TypeError for anything else."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in a JSON answer")
