"""Writes the warehouse file anew, so that nothing of what was deleted is left in it."""

import contextlib
import shutil
import tempfile
from pathlib import Path

import duckdb


def rewrite_file(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Replace the warehouse by a copy of what it holds now, and close the connection.

    A deleted value stands in the file until its block is used again, and in the write-ahead log: a fresh
    file has neither. The caller holds the writer (open_writer). Whole or not at all: the new file takes
    the old one's place in one step.
    """
    # The same name in another folder: views carry the catalog's name, which is the file's.
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        fresh = folder / path.name
        catalog = connection.execute("select current_database()").fetchone()[0]
        place = str(fresh).replace("'", "''")
        connection.execute(f"attach '{place}' as fresh")
        connection.execute(f'copy from database "{catalog}" to fresh')
        connection.execute("detach fresh")
        connection.close()
        shutil.copymode(path, fresh)
        fresh.replace(path)
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ".wal").unlink()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
