"""Records which code dbt opens the warehouse with, so that a change of it is followed by a full build."""

import hashlib
from collections.abc import Collection
from pathlib import Path

import duckdb

from python_jobs.warehouse.connection import PROJECT_ROOT, utc_now

# What a built table is a function of, besides the facts; and what made the parsed values among them.
FOLDERS = ("models", "macros", "seeds", "python_jobs/landing")
FILES = ("dbt_project.yml", "requirements.lock")
SUFFIXES = frozenset([".sql", ".yml", ".csv", ".py"])


def project_fingerprint(root: Path = PROJECT_ROOT) -> str:
    """SHA-256 over the name and content of every file that decides, and DuckDB's version."""
    return fingerprint_of_files(root, FOLDERS, FILES, SUFFIXES, duckdb.__version__)


def fingerprint_of_files(
    root: Path, folders: Collection[str], files: Collection[str], suffixes: Collection[str], *more: str
) -> str:
    """SHA-256 over `more`, and name and content of the files and of those in the folders with a suffix."""
    found = [path for folder in folders for path in (root / folder).rglob("*") if path.suffix in suffixes]
    found += [root / name for name in files if (root / name).exists()]
    digest = hashlib.sha256("\0".join(more).encode())
    for path in sorted(found):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def record_project_version(connection: duckdb.DuckDBPyConnection) -> None:
    """Append the fingerprint to raw.project_versions when it is not the last one there."""
    fingerprint = project_fingerprint()
    last = connection.execute("select arg_max(fingerprint, opened_at) from raw.project_versions").fetchone()
    if last != (fingerprint,):
        connection.execute("insert into raw.project_versions values (?, ?)", [fingerprint, utc_now()])
