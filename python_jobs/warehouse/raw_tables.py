"""Creates the raw tables from their one definition, raw_tables.sql."""

from pathlib import Path

import duckdb

RAW_TABLES_SQL = Path(__file__).with_name("raw_tables.sql")


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the raw tables that are missing; what exists stays as it is.

    Raises duckdb.Error when the file cannot be written. A concurrent creation by another
    connection of the same process is not an error: the table is there either way.
    """
    try:
        connection.execute(RAW_TABLES_SQL.read_text(encoding="utf-8"))
    except (duckdb.TransactionException, duckdb.CatalogException):
        connection.execute(RAW_TABLES_SQL.read_text(encoding="utf-8"))
