"""Opens the warehouse: one writer at a time, many readers, and a person who waits is told for whom."""

import contextlib
import fcntl
import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from python_jobs.warehouse.block_memory import keep_block_memory
from python_jobs.warehouse.published_copy import is_published_copy
from python_jobs.warehouse.raw_tables import create_raw_tables
from python_jobs.warehouse.scratch import remove_leftovers

PROJECT_ROOT = Path(__file__).resolve().parents[2]
DEFAULT_WAREHOUSE = PROJECT_ROOT / "warehouse" / "dealix.duckdb"

# Schema names of the project and of DuckDB: a file called graph.duckdb would make `graph.accounts` ambiguous.
RESERVED_NAMES = frozenset(
    [
        *("raw", "staging", "normalised", "identity", "graph", "scoring", "compliance", "outreach"),
        *("reporting", "reference", "main", "temp", "system", "information_schema", "pg_catalog"),
    ]
)

# What DuckDB 1.5 says when another process has the file open.
LOCK_CONFLICT = re.compile(r"Could not set lock on file|Conflicting lock is held", re.IGNORECASE)
LOCK_HOLDER = re.compile(r"Conflicting lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)", re.DOTALL)

Notify = Callable[[str], None]


class WarehouseError(Exception):
    """The warehouse is busy or broken (exit status 3). The text tells what to do next."""


def warehouse_path(chosen: str | os.PathLike | None = None) -> Path:
    """Absolute path of the warehouse: the one chosen, else DEALIX_WAREHOUSE, else warehouse/dealix.duckdb.

    Raises WarehouseError when the file's name would collide with a schema name.
    """
    path = Path(chosen or os.environ.get("DEALIX_WAREHOUSE") or DEFAULT_WAREHOUSE).expanduser().absolute()
    if path.name.split(".")[0].lower() in RESERVED_NAMES:
        raise WarehouseError(
            f"{path.name} cannot be the warehouse's name: DuckDB would mix it up with the schema "
            f"of that name. Choose another file name, for example {path.with_name('dealix.duckdb')}."
        )
    if path.is_dir():
        raise WarehouseError(
            f"{path} is a folder, not a warehouse file. Add a file name, for example dealix.duckdb."
        )
    return path


def utc_now() -> datetime:
    """The time now in UTC, without a zone: how every timestamp stands in the warehouse."""
    return datetime.now(UTC).replace(tzinfo=None)


def lock_timeout() -> float:
    """Seconds to wait for the warehouse before giving up: DEALIX_LOCK_TIMEOUT, default 600.

    Raises WarehouseError when it is no number.
    """
    chosen = os.environ.get("DEALIX_LOCK_TIMEOUT") or "600"
    try:
        return float(chosen)
    except ValueError:
        raise WarehouseError(f"DEALIX_LOCK_TIMEOUT must be a number of seconds, not {chosen!r}.") from None


@contextlib.contextmanager
def open_writer(
    path: Path, purpose: str, notify: Notify = lambda text: None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The one writing connection, with the raw tables in place; held until the block ends.

    What killed commands left beside the file is removed: nobody uses it now.

    `purpose` is what others who wait are told. Raises WarehouseError when it stays busy
    past lock_timeout(), or when the file is no warehouse or a published copy of one.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock_file = path.with_name(path.name + ".lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise WarehouseError(f"{path} cannot be opened for writing: {error}.") from error
    with lock_file:
        _wait_for_turn(lock_file, path, notify)
        note = {"pid": os.getpid(), "purpose": purpose, "since": utc_now().isoformat()}
        _leave_note(lock_file, json.dumps(note))
        connection = _connect(path, read_only=False, notify=notify)
        try:
            if is_published_copy(connection):
                # Its gate knows no opt-out since, and what is recorded in it ends with the next copy.
                raise WarehouseError(
                    f"{path} is a published copy, for reading only. Name the warehouse that it was made "
                    "from: --warehouse, or DEALIX_WAREHOUSE."
                )
            remove_leftovers(path)
            keep_block_memory(connection)
            create_raw_tables(connection)
            yield connection
        finally:
            connection.close()
            _leave_note(lock_file, "")


@contextlib.contextmanager
def open_reader(path: Path, notify: Notify = lambda text: None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection. Raises WarehouseError when there is no warehouse yet, or it stays busy."""
    if not path.exists():
        raise WarehouseError(
            f"There is no warehouse at {path} yet. Import a list first (dealix import FILE ...), "
            "or name another one with --warehouse."
        )
    connection = _connect(path, read_only=True, notify=notify)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def attached_reader(
    connection: duckdb.DuckDBPyConnection, path: Path, notify: Notify = lambda text: None
) -> Iterator[bool]:
    """The warehouse, read-only, as the catalog `real_warehouse` of another connection.

    False when there is none yet. Raises WarehouseError when it stays busy or is no warehouse.
    """
    if not path.exists():
        yield False
        return
    place = str(path).replace("'", "''")
    attach = f"attach '{place}' as real_warehouse (type duckdb, read_only)"
    _when_free(path, notify, lambda: connection.execute(attach))
    try:
        yield True
    finally:
        connection.execute("detach real_warehouse")


def _leave_note(lock_file, note: str) -> None:
    # The lock holds without the note: on a full disk, others are only not told for whom they wait.
    with contextlib.suppress(OSError):
        os.ftruncate(lock_file.fileno(), 0)
        os.write(lock_file.fileno(), note.encode())


def _wait_for_turn(lock_file, path: Path, notify: Notify) -> None:
    deadline = time.monotonic() + lock_timeout()
    told = None
    while True:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = lock_holder(path)
            if holder != told:
                notify(f"Waiting for the warehouse: {holder}")
                told = holder
            if time.monotonic() > deadline:
                raise WarehouseError(
                    f"The warehouse {path} is busy: {holder}. Try again when that has finished."
                ) from None
            time.sleep(0.05 + random.random() * 0.2)


def lock_holder(path: Path) -> str:
    """Who writes the warehouse, for a person: what is being done, which process, since when."""
    return _holder_in_lock_file(path)[1]


def _holder_in_lock_file(path: Path) -> tuple[int | None, str]:
    try:
        holder = json.loads(path.with_name(path.name + ".lock").read_text(encoding="utf-8"))
        return holder[
            "pid"
        ], f"{holder['purpose']} (process {holder['pid']}, since {holder['since'][:19]} UTC)"
    except (OSError, ValueError, KeyError):
        return None, "another process is writing"


def _holder_in_message(path: Path, message: str) -> str:
    # DuckDB names the process; the lock file says what it does, unless it speaks of us or of one now dead.
    pid, text = _holder_in_lock_file(path)
    found = LOCK_HOLDER.search(message)
    if found is None or pid == int(found["pid"]):
        return text
    return f"{Path(found['program'].strip()).name} (process {found['pid']}) has it open"


def _connect(path: Path, read_only: bool, notify: Notify) -> duckdb.DuckDBPyConnection:
    if not read_only and not path.exists():
        # A file keeps the format in which it was made. The setting may not stay: dbt opens it without.
        newest = {"storage_compatibility_version": "latest"}
        _when_free(path, notify, lambda: duckdb.connect(str(path), config=newest)).close()
    connection = _when_free(path, notify, lambda: duckdb.connect(str(path), read_only=read_only))
    # DuckDB takes a file called .csv or .parquet for a table to look at, in a database that nobody keeps.
    if connection.execute("select path from duckdb_databases() where not internal").fetchone() == (None,):
        connection.close()
        raise WarehouseError(
            f"{path} names a data file, not a warehouse. Choose a name that ends in .duckdb."
        )
    return connection


def _when_free(
    path: Path, notify: Notify, open_file: Callable[[], duckdb.DuckDBPyConnection]
) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + lock_timeout()
    told = False
    while True:
        try:
            return open_file()
        except duckdb.IOException as error:
            if not LOCK_CONFLICT.search(str(error)):
                raise WarehouseError(
                    f"{path} cannot be opened as a DuckDB warehouse: {str(error).splitlines()[0]}"
                ) from error
            holder = _holder_in_message(path, str(error))
            if not told:
                notify(f"Waiting for the warehouse: {holder}")
                told = True
            if time.monotonic() > deadline:
                raise WarehouseError(
                    f"The warehouse {path} is busy: {holder}. Close that program or try again later."
                ) from error
            time.sleep(0.05 + random.random() * 0.2)
        except duckdb.Error as error:
            raise WarehouseError(
                f"{path} cannot be opened as a DuckDB warehouse: {str(error).splitlines()[0]}"
            ) from error
