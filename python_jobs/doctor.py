"""`dealix doctor`: is everything in place, and if not, what to do about it."""

import fcntl
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import duckdb
from packaging.requirements import Requirement

from python_jobs.command_line import ANSWER_NO, OK, Session, command
from python_jobs.export_outreach_ready import UNFINISHED_EXPORTS
from python_jobs.landing.keyed_hash import read_key
from python_jobs.warehouse.connection import LOCK_CONFLICT, PROJECT_ROOT, WarehouseError, lock_holder
from python_jobs.warehouse.raw_tables import create_raw_tables

# A build keeps the old and the new tables for a moment.
FREE_BYTES_LEAST = 500_000_000


@dataclass(frozen=True)
class Check:
    """One thing looked at. `status` is ok, note (nothing to repair) or problem."""

    name: str
    status: str
    finding: str


def examine(warehouse: Path) -> list[Check]:
    """Every check, in the order a person would look; reads only, and waits for nobody."""
    checks = [_python(), _packages(), _project(), _disk(warehouse), *_lock(warehouse)]
    if not warehouse.exists():
        return [
            *checks,
            Check("warehouse", "note", f"{warehouse} does not exist yet: import a list."),
        ]
    try:
        connection = duckdb.connect(str(warehouse), read_only=True)
    except duckdb.Error as error:
        status = "note" if LOCK_CONFLICT.search(str(error)) else "problem"
        finding = "in use, so it could not be looked into" if status == "note" else str(error)
        return [*checks, Check("warehouse", status, f"{warehouse}: {finding.splitlines()[0]}")]
    with connection:
        checks.append(Check("warehouse", "ok", f"{warehouse} opens"))
        for check in (_raw_tables, _key, _last_build, _unfinished_exports, _rights_requests):
            checks.append(_guarded(check, connection, warehouse))
    return checks


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        return Check("python", "ok", version)
    return Check("python", "problem", f"{version}; Dealix needs 3.11 to 3.13. Run make setup.")


def _packages() -> Check:
    wrong = list(_wrong_packages())
    if wrong:
        return Check("packages", "problem", "; ".join(wrong) + ". Run make setup.")
    return Check("packages", "ok", "every package in the version that Dealix asks for")


def _wrong_packages() -> Iterator[str]:
    try:
        required = metadata.requires("dealix") or []
    except metadata.PackageNotFoundError:
        yield "dealix itself is not installed"
        return
    for requirement in map(Requirement, required):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield f"{requirement.name} is missing"
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name} is {version}, not {requirement.specifier}"


def _project() -> Check:
    missing = [
        name
        for name in ("dbt_project.yml", "profiles.yml", "selectors.yml", "models", "seeds")
        if not (PROJECT_ROOT / name).exists()
    ]
    if missing:
        return Check("project", "problem", f"{PROJECT_ROOT} lacks {', '.join(missing)}")
    return Check("project", "ok", str(PROJECT_ROOT))


def _disk(warehouse: Path) -> Check:
    folder = next(parent for parent in warehouse.parents if parent.exists())
    free = shutil.disk_usage(folder).free
    size = warehouse.stat().st_size if warehouse.exists() else 0
    finding = f"{free // 1_000_000:,} MB free, the warehouse has {size // 1_000_000:,} MB"
    if free < max(FREE_BYTES_LEAST, 2 * size):
        return Check("disk", "problem", f"{finding}; a build may need twice the warehouse's size.")
    return Check("disk", "ok", finding)


def _lock(warehouse: Path) -> Iterator[Check]:
    lock_file = warehouse.with_name(warehouse.name + ".lock")
    if not lock_file.exists():
        return
    with lock_file.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            yield Check("writer", "ok", "nobody is writing")
        except BlockingIOError:
            yield Check("writer", "note", f"busy: {lock_holder(warehouse)}")


def _guarded(
    check: Callable[[duckdb.DuckDBPyConnection, Path], Check],
    connection: duckdb.DuckDBPyConnection,
    warehouse: Path,
) -> Check:
    try:
        return check(connection, warehouse)
    except duckdb.CatalogException as error:
        name = check.__name__.strip("_").replace("_", " ")
        return Check(name, "note", f"not built yet: dealix run ({str(error).splitlines()[0]})")


def _raw_tables(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> Check:
    columns = (
        "select table_name || '.' || column_name || ' ' || data_type"
        " from information_schema.columns where table_schema = 'raw'"
    )
    with duckdb.connect() as wanted:
        create_raw_tables(wanted)
        expected = {row[0] for row in wanted.execute(columns).fetchall()}
    found = {row[0] for row in connection.execute(columns).fetchall()}
    missing = sorted(expected - found)
    if missing:
        finding = f"missing or of another type: {', '.join(missing[:5])}"
        return Check("raw tables", "problem", f"{finding}. Written by another version of Dealix?")
    return Check("raw tables", "ok", "as defined")


def _key(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> Check:
    try:
        key = read_key(connection, warehouse)
    except WarehouseError as error:
        return Check("key", "problem", str(error))
    if key is None:
        return Check("key", "note", "none yet: it is made with the first import or suppression")
    return Check("key", "ok", f"{key.key_id} is the one this warehouse was written with")


def _last_build(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> Check:
    is_current, reason = connection.execute(
        "select is_current, reason from compliance.build_status"
    ).fetchone()
    if is_current:
        return Check("last build", "ok", reason or "complete and newer than every import")
    last = connection.execute(
        "select status from raw.build_runs order by started_at desc, finished_at desc nulls last"
    ).fetchone()
    # What was landed since is daily life; a build that failed or was killed is not.
    status = "problem" if last and last[0] in ("running", "failed", "empty") else "note"
    return Check("last build", status, f"exports are stopped. {reason}")


def _unfinished_exports(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> Check:
    unfinished = connection.execute(UNFINISHED_EXPORTS).fetchall()
    if not unfinished:
        return Check("exports", "ok", "none was interrupted")
    files = ", ".join(str(row[1]) for row in unfinished)
    return Check("exports", "note", f"interrupted: {files}. The next dealix export settles it.")


def _rights_requests(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> Check:
    late = connection.execute("select evidence from compliance.rights_request_late order by all").fetchall()
    if late:
        return Check("rights requests", "problem", f"late by law: {'; '.join(row[0] for row in late)}")
    waiting = connection.execute("select count(*) from compliance.destruction_requested").fetchone()[0]
    if waiting:
        return Check("rights requests", "note", f"{waiting} erasures wait to be carried out: dealix erase")
    return Check("rights requests", "ok", "none is late")


@command("doctor")
def main(session: Session) -> int:
    """Look whether Python, the warehouse, its key, the last build and the exports are in order.

    Changes nothing. Exit 0 when there is nothing to repair, else 1.
    """
    checks = examine(session.warehouse)
    healthy = all(check.status != "problem" for check in checks)
    marks = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}
    lines = [f"{marks[check.status]}  {check.name}: {check.finding}" for check in checks]
    lines.append("Everything is in order." if healthy else "Something needs repair, see PROBLEM above.")
    session.answer({"healthy": healthy, "checks": [asdict(check) for check in checks]}, "\n".join(lines))
    return OK if healthy else ANSWER_NO


if __name__ == "__main__":
    main()
