"""What has to be known of the real warehouse for the verdicts of a trial import, copied into the trial."""

from pathlib import Path

import duckdb

from python_jobs.audit.table_columns import table_columns
from python_jobs.command_line import Session
from python_jobs.landing.keyed_hash import key_from_environment, key_path, read_key, sql_hash
from python_jobs.landing.land_values import KINDS
from python_jobs.warehouse.connection import attached_reader

# Who opted out or consented, and which records are one company because somebody said so.
EVENTS = ("suppression_events", "erasure_events", "consent_events", "match_decisions")


def take_over_key(connection: duckdb.DuckDBPyConnection, session: Session, trial: Path) -> None:
    """The hash key of the real warehouse for the trial's file at `trial`, before anything is landed there."""
    with attached_reader(connection, session.warehouse, session.say) as has_warehouse:
        if has_warehouse and "hash_keys" in table_columns(connection, "raw", "real_warehouse"):
            connection.execute("insert into raw.hash_keys by name from real_warehouse.raw.hash_keys")
    key = key_path(session.warehouse)
    if key.exists() and not key_from_environment():
        key_path(trial).symlink_to(key)


def take_over_events(connection: duckdb.DuckDBPyConnection, session: Session, trial: Path) -> None:
    """The events of the real warehouse, after the file was landed.

    A trial's values stand under *_hash as they are (land_leads). So does whom an event speaks of, where
    that is a value of the file; of all others the events keep the hash, which nothing of the file has.
    """
    with attached_reader(connection, session.warehouse, session.say) as has_warehouse:
        if not has_warehouse:
            return
        columns = table_columns(connection, "raw", "real_warehouse")
        hashes = {
            table: [name for name in columns[table] if name.endswith("_hash")]
            for table in EVENTS
            if table in columns
        }
        _name_subjects(connection, hashes, trial)
        for table, hashed in hashes.items():
            named = [f"coalesce(of_{name}.text, events.{name}) as {name}" for name in hashed]
            joins = [
                f"left join temp.named_subjects as of_{name} on events.{name} = of_{name}.hash"
                for name in hashed
            ]
            replaced = f"events.* replace ({', '.join(named)})" if named else "events.*"
            connection.execute(
                f"""
                insert into raw.{table} by name
                select {replaced} from real_warehouse.raw.{table} as events {" ".join(joins)}
                """
            )
        connection.execute("drop table temp.named_subjects")


def _name_subjects(connection: duckdb.DuckDBPyConnection, hashes: dict[str, list[str]], trial: Path) -> None:
    """Make temp.named_subjects (hash, text): the values of the file that an event is about."""
    connection.execute("create or replace temp table named_subjects (hash varchar, text varchar)")
    about = " union ".join(
        f"select {column} as hash from real_warehouse.raw.{table} where {column} is not null"
        for table, columns in hashes.items()
        for column in columns
    )
    key = read_key(connection, trial)
    if key is None or not about or not connection.execute(f"from ({about}) limit 1").fetchone():
        return
    landed = " union ".join(
        f"select {column} as text from raw.{kind.table} where {column} is not null"
        for kind in KINDS
        for column in kind.hashes
    )
    connection.execute(
        f"""
        insert into temp.named_subjects
        select hash, text
        from (select {sql_hash("text")} as hash, text from ({landed}))
        where hash in ({about})
        """,
        key.sql_parameters(),
    )
