"""Memory that DuckDB keeps for its blocks, instead of giving it back and asking for it again."""

import duckdb

# The system hands out every page empty: an audit of a million rows spends a tenth of its time on that, with
# this much kept a twentieth. More wins little. DuckDB may not be given less later, so it is one size for all;
# what a build may take in all is its memory_limit.
KEPT = "1GB"


def keep_block_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the database of this connection keep up to 1 GB of blocks until it is closed."""
    connection.execute(f"set block_allocator_memory = '{KEPT}'")
