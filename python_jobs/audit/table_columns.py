"""Which tables and columns a database of a trial has: its own, or those of the attached real warehouse."""

import duckdb


def table_columns(
    connection: duckdb.DuckDBPyConnection, schema: str, database: str | None = None
) -> dict[str, dict[str, str]]:
    """The columns of each table of a schema, with their types. `database` None: the connection's own."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        """
        select table_name, column_name, data_type from duckdb_columns()
        where database_name = coalesce($database, current_database()) and schema_name = $schema
        """,
        {"database": database, "schema": schema},
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found
