"""Where commands keep what they work with, and how what a killed one left behind is removed.

All of it may hold personal data: spill files, half-written copies, scratch warehouses, copies of lists.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# Purposes of the folders in .dbt beside the warehouse.
SCRATCH_PURPOSES = ("audit", "policy")
# What nobody else would call a folder of theirs, as abandoned ones are removed by it.
TEMPORARY_PREFIX = "dealix_scratch_"
# A folder that is younger may not have been locked yet by the command that made it.
SURELY_LOCKED_AFTER_SECONDS = 60


@contextlib.contextmanager
def scratch_folder(warehouse: Path, purpose: str, say: Callable[[str], None]) -> Iterator[Path]:
    """An empty folder for a scratch warehouse, emptied again when the block ends.

    It lies at a fixed place beside the warehouse, where there is room for a copy of it and what a killed
    command left is found; who comes second waits. Where nothing can be written there, a temporary folder.
    """
    folder = warehouse.parent / ".dbt" / purpose
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        with temporary_folder() as folder:
            yield folder
        return
    lock = os.open(folder, os.O_RDONLY)
    try:
        if not _lock_at_once(lock):
            say("Waiting for another one to finish.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        _empty(folder)
        try:
            yield folder
        finally:
            _empty(folder)
    finally:
        os.close(lock)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder among the system's temporary ones, gone when the block ends.

    Those of killed commands are removed first.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{TEMPORARY_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > SURELY_LOCKED_AFTER_SECONDS:
                _if_abandoned(left, shutil.rmtree)
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX))
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers(warehouse: Path) -> None:
    """Remove what killed commands left beside the warehouse.

    The caller has it open for writing, so nobody else uses its spill files or writes it anew.
    """
    spilled = warehouse.with_name(warehouse.name + ".tmp")
    for file in spilled.glob("duckdb_temp*"):
        file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        spilled.rmdir()
    for copy in warehouse.parent.glob(f".{warehouse.name}.*"):
        if copy.is_dir():
            shutil.rmtree(copy, ignore_errors=True)
    for purpose in SCRATCH_PURPOSES:
        with contextlib.suppress(OSError):
            _if_abandoned(warehouse.parent / ".dbt" / purpose, _empty)


def _if_abandoned(folder: Path, remove: Callable[[Path], None]) -> None:
    lock = os.open(folder, os.O_RDONLY)
    try:
        if _lock_at_once(lock):
            remove(folder)
    finally:
        os.close(lock)


def _lock_at_once(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
