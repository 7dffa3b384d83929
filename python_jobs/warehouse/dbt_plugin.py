"""dbt-duckdb plugin: a plain `dbt build` on a fresh clone finds the raw tables, empty."""

from dbt.adapters.duckdb.plugins import BasePlugin

from python_jobs.warehouse.raw_tables import create_raw_tables


class Plugin(BasePlugin):
    """Creates the raw tables when dbt opens the warehouse; dbt-duckdb looks for this name."""

    def configure_connection(self, conn):
        create_raw_tables(conn)
