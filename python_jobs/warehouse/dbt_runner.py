"""Runs dbt inside this process, so that the writer's connection is held from before the build to its end."""

import contextlib
import importlib
import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from python_jobs.warehouse.build_memory import build_memory, landed_rows
from python_jobs.warehouse.connection import PROJECT_ROOT, WarehouseError
from python_jobs.warehouse.parsed_project import parsed_project

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunner, dbtRunnerResult

# Unit tests guard the rules, not the data: `make test` and a plain `dbt build` run them, a run need not.
WHOLE_BUILD = ("build", "--exclude-resource-type", "unit_test")

GOOD_STATUSES = frozenset(["success", "pass", "warn", "no-op"])


@dataclass(frozen=True)
class NodeFailure:
    """One node that failed: what it is, what that means, and how to look closer."""

    node: str
    kind: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.node}: {self.message}" + (f"\n    {self.hint}" if self.hint else "")


@dataclass(frozen=True)
class BuildResult:
    """What one dbt run did. `seconds` is wall time including dbt's own start."""

    command: str
    nodes_run: int
    nodes_skipped: int
    warnings: tuple[str, ...]
    seconds: float

    def as_document(self) -> dict[str, Any]:
        """The result as part of a JSON answer."""
        return {
            "command": self.command,
            "nodes_run": self.nodes_run,
            "nodes_skipped": self.nodes_skipped,
            "warnings": list(self.warnings),
            "seconds": self.seconds,
        }


class BuildFailed(WarehouseError):
    """The build did not finish well (exit status 3). Exports stay stopped until one does."""

    def __init__(self, failures: Sequence[NodeFailure], nodes_run: int = 0, nodes_skipped: int = 0):
        self.failures = tuple(failures)
        self.nodes_run = nodes_run
        self.nodes_skipped = nodes_skipped
        lines = [
            f"The build failed; exports are stopped until `dealix run` succeeds. {len(failures)} to look at:"
        ]
        lines += [f"  {failure}" for failure in failures]
        if nodes_skipped:
            lines.append(f"  {nodes_skipped} more were left out because they need these.")
        super().__init__("\n".join(lines))

    def as_document(self) -> dict[str, Any]:
        """The failure as part of a JSON answer."""
        return {
            "nodes_run": self.nodes_run,
            "nodes_skipped": self.nodes_skipped,
            "failures": [vars(failure) for failure in self.failures],
        }


def run_dbt(
    warehouse: Path,
    arguments: Sequence[str] = WHOLE_BUILD,
    say: Callable[[str], None] = lambda text: None,
    work_folder: Path | None = None,
    memory_limit: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> BuildResult:
    """Run one dbt command on `warehouse` and return what it did; the caller holds the writer (open_writer).

    Progress goes to stderr: a bar on a terminal, a few plain lines by `say` elsewhere. `work_folder` holds
    dbt's artefacts; the default lies beside the warehouse. `memory_limit` is DuckDB's (None: what its landed
    rows need), unless the user set DEALIX_MEMORY_LIMIT. `variables` are dbt's vars, where they are other
    than the project's. Raises BuildFailed with every failed node.
    """
    dbt_runner = load_dbt().dbtRunner
    # Beside the warehouse, not in the project, which may be read-only.
    folder = work_folder or warehouse.parent / ".dbt" / warehouse.name
    other_variables = ("--vars", json.dumps(variables)) if variables else ()
    started = time.monotonic()
    environment = {
        # The audit builds a scratch warehouse while the name of the real one stays set.
        "DEALIX_WAREHOUSE": str(warehouse),
        "DEALIX_MEMORY_LIMIT": os.environ.get("DEALIX_MEMORY_LIMIT")
        or memory_limit
        or build_memory(landed_rows(warehouse)),
    }

    def dbt(runner: "dbtRunner", *command: str) -> "dbtRunnerResult":
        return runner.invoke(
            [
                *("--quiet", "--no-print", "--log-level", "none", "--log-level-file", "none"),
                *("--no-use-colors", "--log-path", str(folder / "logs"), "--no-partial-parse"),
                *command,
                *other_variables,
                *("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
                *("--target-path", str(folder / "target")),
            ]
        )

    with _environment(environment), _without_arguments(), _progress(say) as on_event:
        try:
            manifest = parsed_project(warehouse, other_variables, lambda: dbt(dbt_runner(), "parse"))
            # Without a manifest dbt says itself what is wrong with the project.
            outcome = dbt(dbt_runner(manifest=manifest, callbacks=[on_event]), *arguments)
        finally:
            _let_go_of_the_file()
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception
    return _judged(outcome, " ".join(["dbt", *arguments]), round(time.monotonic() - started, 1))


def load_dbt() -> ModuleType:
    """dbt.cli.main, which takes a second to import: only where something is built."""
    return importlib.import_module("dbt.cli.main")


def _judged(outcome, command: str, seconds: float) -> BuildResult:
    results = getattr(outcome.result, "results", None) or []
    failures, warnings, skipped = [], [], 0
    for result in results:
        status = str(result.status)
        if status == "skipped":
            skipped += 1
        elif status == "warn":
            warnings.append(f"{result.node.name}: {_test_message(result)}")
        elif status not in GOOD_STATUSES:
            failures.append(_failure(result))
    nodes_run = sum(result.node.resource_type != "operation" for result in results) - skipped
    if outcome.exception is not None:
        failures.append(NodeFailure("project", "dbt", _one_paragraph(str(outcome.exception))))
    if not outcome.success and not failures:
        failures.append(NodeFailure("project", "dbt", "dbt stopped without naming a reason"))
    if failures:
        raise BuildFailed(failures, nodes_run, skipped)
    return BuildResult(command, nodes_run, skipped, tuple(warnings), seconds)


def _failure(result) -> NodeFailure:
    node = result.node
    kind = str(getattr(node, "resource_type", "node")).replace("_", " ")
    if kind == "test" and str(result.status) == "fail":
        return NodeFailure(
            node.name, kind, _test_message(result), f"See the rows: dbt show --select {node.name}"
        )
    schema = getattr(node, "schema", None)
    name = f"{schema}.{node.name}" if kind in ("model", "seed") and schema else node.name
    path = getattr(node, "original_file_path", None)
    return NodeFailure(
        name,
        kind,
        _one_paragraph(result.message or "no message"),
        f"Defined in {path}" if path else None,
    )


def _test_message(result) -> str:
    rows = "1 row breaks it" if result.failures == 1 else f"{result.failures} rows break it"
    meaning = (getattr(result.node, "description", "") or "").strip() or _row_meaning(result.node.raw_code)
    return f"{rows}: {_one_paragraph(meaning)}" if meaning else rows


def _row_meaning(sql: str) -> str:
    """What the comment at the top of a singular test says that a row of it is; empty when it says nothing."""
    comment = itertools.takewhile(lambda line: line.startswith("--"), sql.strip().splitlines())
    return (
        " ".join(line.lstrip("- ") for line in comment)
        .partition("A row here: ")[2]
        .partition(". ")[0]
        .rstrip(".")
    )


def _one_paragraph(text: str) -> str:
    return " ".join(text.split())


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    # What profiles.yml reads.
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is not None:
                os.environ[name] = value
            else:
                os.environ.pop(name, None)


@contextlib.contextmanager
def _without_arguments() -> Iterator[None]:
    # dbt writes the command line into its artefacts, and a command may be about a person.
    before = sys.argv
    sys.argv = sys.argv[:1]
    try:
        yield
    finally:
        sys.argv = before


def _let_go_of_the_file() -> None:
    # dbt keeps its environment open for the next invocation in the process, and with it the lock on the file.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
    DuckDBConnectionManager.close_all_connections()


@contextlib.contextmanager
def _progress(say: Callable[[str], None]) -> Iterator[Callable[[Any], None]]:
    if sys.stderr.isatty():
        with _progress_bar() as on_event:
            yield on_event
    else:
        yield _progress_lines(say)


def _progress_lines(say: Callable[[str], None]) -> Callable[[Any], None]:
    total = done = 0

    def on_event(event) -> None:
        nonlocal total, done
        if event.info.name == "ConcurrencyLine":
            total = event.data.node_count
            say(f"Building: {total} steps")
        elif event.info.name == "NodeFinished":
            done += 1
            quarter = max(total // 4, 1)
            if done % quarter == 0 and total >= 20 and done < total:
                say(f"  {done} of {total}")

    return on_event


@contextlib.contextmanager
def _progress_bar() -> Iterator[Callable[[Any], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = [
        TextColumn("Building"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    ]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading the project", total=None)

        def on_event(event) -> None:
            if event.info.name == "ConcurrencyLine":
                progress.update(task, total=event.data.node_count, description="")
            elif event.info.name == "NodeStart":
                progress.update(task, description=event.data.node_info.node_name)
            elif event.info.name == "NodeFinished":
                progress.advance(task)

        yield on_event
