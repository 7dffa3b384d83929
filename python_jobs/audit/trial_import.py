"""Imports a file into a scratch warehouse that is thrown away: same reader, same SQL, nothing kept."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from python_jobs.audit.acceptance_contract import load_great_expectations
from python_jobs.audit.gate_facts import add_known_opt_outs, take_over_events, take_over_key
from python_jobs.audit.overlap import add_known_records
from python_jobs.command_line import Session, operator_name
from python_jobs.landing.column_mapping import MappedColumn, propose_mapping, read_mapping_file
from python_jobs.landing.import_metadata import ImportMetadata
from python_jobs.landing.land_leads import LandedImport, land_leads
from python_jobs.landing.lead_file import LeadFile, open_lead_file
from python_jobs.landing.saved_mapping import read_saved_mapping
from python_jobs.warehouse.connection import open_writer
from python_jobs.warehouse.dbt_runner import BuildFailed, load_dbt, run_dbt
from python_jobs.warehouse.scratch import scratch_folder

# Tests guard the models elsewhere, and nobody reads dbt's account of a build that is thrown away.
BUILD = (
    *("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
    "--no-write-json",
)
# An audit is for anybody's laptop: 2 GB in all, of which Python and the libraries take a third. Measured with
# a million rows of 12 columns; more rows, or wider ones, get what a build has.
SPARING_MEMORY = "1100MB"
SPARING_ROWS = 1_500_000
# What decides about a row, counts it, and says whether its company may be contacted.
NEEDED_MODELS = ("+lead_rows", "+import_quality", "+live_verdicts", "channel_policy")
# What the records of the file are recognised by, and whom they opt out; the rest is built with what the
# warehouse knows beside them.
KEYS_OF_RECORDS = ("+match_keys", "+opted_out_identifiers")


@dataclass(frozen=True)
class TrialImport:
    """A file as the pipeline sees it. `connection` is open on the scratch warehouse.

    `not_compared_because` says why the companies of the real warehouse are not beside those of the file.
    """

    connection: duckdb.DuckDBPyConnection
    lead_file: LeadFile
    mapping: list[MappedColumn]
    landed: LandedImport
    not_compared_because: str | None


@contextlib.contextmanager
def trial_import(
    session: Session,
    path: Path,
    metadata: ImportMetadata,
    mapping_file: Path | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Iterator[TrialImport]:
    """The file, landed and built in a scratch warehouse that is gone when the block ends.

    Raises UsageProblem when the file cannot be read.
    """
    with (
        open_lead_file(path, encoding, sheet) as lead_file,
        scratch_folder(session.warehouse, "audit", session.say) as folder,
    ):
        chosen = read_mapping_file(mapping_file, lead_file.columns) if mapping_file else None
        saved = (
            read_saved_mapping(session.warehouse, metadata.source_name, session.say) if chosen is None else {}
        )
        mapping = propose_mapping(lead_file.columns, lead_file.sample, chosen, saved)
        # dbt's views name the file they are in, so the scratch file is called like the real one.
        scratch = folder / session.warehouse.name
        with open_writer(scratch, f"dealix audit {path.name}", session.say) as connection:
            take_over_key(connection, session, scratch)
            with _meanwhile(load_dbt, load_great_expectations):
                landed = land_leads(
                    connection,
                    lead_file,
                    mapping,
                    metadata,
                    operator_name(),
                    progress=session.say,
                    is_trial=True,
                )
            take_over_events(connection, session, scratch)
            # Half of the time of writing a wide table goes into the compression of its texts.
            connection.execute("set disabled_compression_methods = 'dict_fsst'")
            reason = _build(connection, session, scratch, folder / "dbt", landed.rows_read <= SPARING_ROWS)
            yield TrialImport(connection, lead_file, mapping, landed, reason)


@contextlib.contextmanager
def _meanwhile(*steps: Callable[[], Any]) -> Iterator[None]:
    """Take these steps, one after the other, while the block runs: DuckDB leaves Python time for them."""
    thread = threading.Thread(target=lambda: [step() for step in steps])
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _build(
    connection: duckdb.DuckDBPyConnection,
    session: Session,
    scratch: Path,
    work_folder: Path,
    is_sparing: bool,
) -> str | None:
    """Build what is needed; returns why the file is not compared with the warehouse, if it is not."""
    limits = [SPARING_MEMORY, None] if is_sparing else [None]

    def build(*options: str) -> None:
        try:
            run_dbt(
                scratch, (*BUILD, *options), session.say, work_folder, limits[0], variables={"is_trial": True}
            )
        except BuildFailed as failed:
            if len(limits) == 1 or "Out of Memory" not in str(failed):
                raise
            session.say("This list needs more memory than most: once more, with more of it.")
            limits.pop(0)
            build(*options)

    if not session.warehouse.exists():
        build("--select", *NEEDED_MODELS)
        return "there is no warehouse yet"
    build("--select", *KEYS_OF_RECORDS)
    reason = add_known_records(connection, session)
    add_known_opt_outs(connection)
    build("--select", *NEEDED_MODELS, "--exclude", *KEYS_OF_RECORDS)
    return reason
