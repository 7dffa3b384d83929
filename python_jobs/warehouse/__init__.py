"""The DuckDB file: where it is, who may write it now, which raw tables it has, and how dbt is run on it."""
