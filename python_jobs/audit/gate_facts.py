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
# Whom the rows of earlier lists opted out, of which a trial has no rows.
OPTED_OUT_ROWS = "opted_out_identifiers"


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
    Leaves temp.known_opt_outs (kind, identifier) behind for add_known_opt_outs.
    """
    connection.execute("create or replace temp table known_opt_outs (kind varchar, identifier varchar)")
    with attached_reader(connection, session.warehouse, session.say) as has_warehouse:
        if not has_warehouse:
            return
        columns = table_columns(connection, "raw", "real_warehouse")
        hashes = {
            table: [name for name in columns[table] if name.endswith("_hash")]
            for table in EVENTS
            if table in columns
        }
        subjects = [f"select {name} as hash from real_warehouse.raw.{table}"
                    for table, names in hashes.items() for name in names]  # fmt: skip
        has_opted_out_rows = OPTED_OUT_ROWS in table_columns(connection, "compliance", "real_warehouse")
        if has_opted_out_rows:
            subjects.append(f"select identifier as hash from real_warehouse.compliance.{OPTED_OUT_ROWS}")
        _name_subjects(connection, " union ".join(subjects), trial)
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
        if has_opted_out_rows:
            connection.execute(
                f"""
                insert into temp.known_opt_outs
                select rows.kind, coalesce(named.text, rows.identifier)
                from real_warehouse.compliance.{OPTED_OUT_ROWS} as rows
                left join temp.named_subjects as named on rows.identifier = named.hash
                """
            )
        connection.execute("drop table temp.named_subjects")


def add_known_opt_outs(connection: duckdb.DuckDBPyConnection) -> None:
    """Put temp.known_opt_outs beside those of the file, once the model of these is built."""
    connection.execute(
        f"insert into compliance.{OPTED_OUT_ROWS} from temp.known_opt_outs "
        f"except from compliance.{OPTED_OUT_ROWS}"
    )
    connection.execute("drop table temp.known_opt_outs")


def _name_subjects(connection: duckdb.DuckDBPyConnection, about: str, trial: Path) -> None:
    """Make temp.named_subjects (hash, text): the values of the file that are among the hashes of `about`."""
    connection.execute("create or replace temp table named_subjects (hash varchar, text varchar)")
    key = read_key(connection, trial)
    if key is None or not about:
        return
    about = f"select hash from ({about}) where hash is not null"
    if not connection.execute(f"from ({about}) limit 1").fetchone():
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
