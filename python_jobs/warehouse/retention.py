"""Takes out of the warehouse what may not be kept any longer: answers and what Google said, once expired."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from python_jobs.warehouse.rewrite_file import rewrite_file

# Google's content without an expiry counts as past it: nobody could say until when it may be held.
EXPIRED = """
    payload is not null
    and (
        expires_at <= make_timestamp(epoch_us(now()))
        or (expires_at is null and provider ilike 'google%')
    )
"""
EXPIRED_IN_CACHE = "coalesce(expires_at <= make_timestamp(epoch_us(now())), true)"


@dataclass(frozen=True)
class Purged:
    """How many answers lost their content, and how many entries left the cache of what Google said."""

    answers: int
    cached: int


def purge_expired(connection: duckdb.DuckDBPyConnection) -> Purged:
    """Delete what may not be held any longer; who asked what when stays.

    The old bytes are gone from the file when it has been written anew (purging).
    """
    answers = connection.execute(
        f"update raw.enrichment_results set payload = null where {EXPIRED}"
    ).fetchone()[0]
    cached = connection.execute(f"delete from raw.google_cache where {EXPIRED_IN_CACHE}").fetchone()[0]
    return Purged(answers, cached)


@contextlib.contextmanager
def purging(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> Iterator[Purged]:
    """Purge at the start of the block, and at its end write the file anew, once, if there was anything.

    The connection is closed then. A deleted row's bytes stand in a DuckDB file until their block is used
    again: only a fresh file is without them. So the file is written anew whatever happens in the block.
    """
    purged = purge_expired(connection)
    try:
        yield purged
    finally:
        if purged != Purged(0, 0):
            rewrite_file(connection, warehouse)
