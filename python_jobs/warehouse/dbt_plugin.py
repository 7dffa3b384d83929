"""dbt-duckdb plugin: a plain `dbt build` on a fresh clone finds the raw tables, and knows its own code."""

from dbt.adapters.duckdb.plugins import BasePlugin

from python_jobs.warehouse.block_memory import keep_block_memory
from python_jobs.warehouse.project_version import record_project_version
from python_jobs.warehouse.raw_tables import create_raw_tables


class Plugin(BasePlugin):
    """Creates raw tables and records the code when dbt opens the warehouse; dbt-duckdb wants this name."""

    def configure_connection(self, conn):
        keep_block_memory(conn)
        create_raw_tables(conn)
        record_project_version(conn)
