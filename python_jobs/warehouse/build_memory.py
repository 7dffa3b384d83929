"""How much memory DuckDB may take in a build of so many rows."""

import math
import os
from pathlib import Path

import duckdb

# A million rows of 12 columns are built in 3 GB and five million in 8: what a build holds of each name while
# it compares names cannot be spilled. In between and beyond it grows with the rows.
LEAST_GB = 3
GB_PER_MILLION_ROWS = 1.6
# The rest is for Python, dbt and whatever else runs on the machine.
SHARE_OF_MACHINE = 0.7


def build_memory(rows: int) -> str:
    """DuckDB's `memory_limit` for a build of `rows` landed rows, in whole GB; never more than 70 % of the
    machine's memory, unless that is under 3 GB."""
    machine_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    wanted_gb = math.ceil(rows / 1_000_000 * GB_PER_MILLION_ROWS)
    return f"{max(LEAST_GB, min(wanted_gb, math.floor(machine_gb * SHARE_OF_MACHINE)))}GB"


def landed_rows(warehouse: Path) -> int:
    """How many rows all imports landed, those that were withdrawn since included."""
    query = "select coalesce(sum(rows_landed), 0)::bigint from raw.raw_lead_imports"
    with duckdb.connect(str(warehouse)) as connection:
        return connection.execute(query).fetchone()[0]
