"""`dealix audit FILE`: would this file be accepted? The same reader and the same SQL as the import."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import duckdb

from python_jobs.command_line import Session, command, operator_name
from python_jobs.landing.column_mapping import propose_mapping, read_mapping_file
from python_jobs.landing.describe import file_facts, mapping_facts, mapping_lines
from python_jobs.landing.import_metadata import ImportMetadata, check_metadata
from python_jobs.landing.land_leads import land_leads
from python_jobs.landing.lead_file import LeadFile, open_lead_file
from python_jobs.landing.saved_mapping import read_saved_mapping
from python_jobs.warehouse.connection import open_writer
from python_jobs.warehouse.dbt_runner import run_dbt

# What decides about a row, and the thresholds of the verdict; tests guard the models elsewhere.
NEEDED_MODELS = (
    "build", "--select", "+lead_rows", "audit_thresholds",
    "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
)  # fmt: skip
SHOWN_ROWS = 10
DUPLICATE_WARNING = 0.2


def audit_lead_file(
    session: Session,
    path: Path,
    metadata: ImportMetadata,
    mapping_file: Path | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> dict[str, Any]:
    """What an import of the file would give, as a JSON document; the warehouse is not touched.

    Raises UsageProblem when the file cannot be read.
    """
    with open_lead_file(path, encoding, sheet) as lead_file, _scratch_folder(session) as folder:
        chosen = read_mapping_file(mapping_file, lead_file.columns) if mapping_file else None
        saved = (
            read_saved_mapping(session.warehouse, metadata.source_name, session.say) if chosen is None else {}
        )
        mapping = propose_mapping(lead_file.columns, lead_file.sample, chosen, saved)
        # dbt's views name the file they are in, so the scratch file is called like the real one.
        scratch = folder / session.warehouse.name
        with open_writer(scratch, f"dealix audit {path.name}", session.say) as connection:
            landed = land_leads(connection, lead_file, mapping, metadata, operator_name())
            run_dbt(scratch, NEEDED_MODELS, session.say, folder / "dbt")
            answer = _read_answer(connection, lead_file)
    return {
        **file_facts(lead_file),
        **mapping_facts(mapping),
        "lines_read": landed.rows_read,
        **answer,
        "columns": [vars(entry) | {"fill_rate": answer["fill_rates"][entry.column]} for entry in mapping],
    }


def audit_metadata(**said: str | None) -> ImportMetadata:
    """The metadata said on the command line; what was not said is taken for an audit, nothing more.

    Raises Refusal and UsageProblem as an import would for what was said.
    """
    assumed = {
        "source_name": "file_under_audit",
        "source_type": "manual",
        "allowed_use": "internal_analysis_only",
        "risk_level": "unknown",
    }
    return check_metadata(**{**assumed, **{name: text for name, text in said.items() if text}})


@contextlib.contextmanager
def _scratch_folder(session: Session) -> Iterator[Path]:
    """A folder for the scratch warehouse, empty but for what dbt remembers of the project.

    It lies at a fixed place, because dbt reads the whole project anew for every other path.
    """
    folder = session.warehouse.parent / ".dbt" / "audit"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock_file = (folder / "audit.lock").open("a")
    except OSError:
        with tempfile.TemporaryDirectory(prefix="dealix_audit_") as temporary:
            yield Path(temporary)
        return
    with lock_file:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            session.say("Waiting for another audit to finish.")
            fcntl.flock(lock_file, fcntl.LOCK_EX)
        _remove_scratch_files(folder)
        try:
            yield folder
        finally:
            _remove_scratch_files(folder)


def _remove_scratch_files(folder: Path) -> None:
    # A killed audit leaves the vendor's data behind; nothing of it outlives the next one.
    for path in folder.iterdir():
        if path.is_file() and path.name != "audit.lock":
            path.unlink()
    shutil.rmtree(folder / "dbt" / "logs", ignore_errors=True)


def _read_answer(connection: duckdb.DuckDBPyConnection, lead_file: LeadFile) -> dict[str, Any]:
    counts = _one(
        connection,
        """
        select
            count(*) as rows_landed,
            count(*) filter (where row_status = 'accepted') as rows_accepted,
            count(distinct account_id) filter (where row_status = 'accepted') as companies,
            count(*) filter (where opt_out) as opt_outs
        from normalised.lead_rows
        """,
    )
    reasons = _counts(
        connection,
        """
        select reject_reason, count(*) from normalised.lead_rows
        where row_status = 'rejected' group by all
        union all
        select 'line: ' || reason, count(*) from raw.raw_rejected_lines
        where reason <> 'above_header' group by all
        order by 2 desc, 1
        """,
    )
    rejected_lines = sum(number for reason, number in reasons.items() if reason.startswith("line: "))
    rows, accepted = counts["rows_landed"] + rejected_lines, counts["rows_accepted"]
    rate = accepted / rows if rows else 0.0
    verdict = _one(
        connection,
        """
        select verdict, exit_status, description from reference.audit_thresholds
        where min_acceptance_rate <= $rate order by min_acceptance_rate desc limit 1
        """,
        {"rate": rate},
    )
    duplicates = accepted - counts["companies"]
    return {
        "rows": rows,
        "rows_accepted": accepted,
        "rows_rejected": rows - accepted,
        "reject_reasons": reasons,
        "acceptance_rate": round(rate, 4),
        "verdict": verdict["verdict"],
        "verdict_meaning": verdict["description"],
        "exit_status": verdict["exit_status"],
        "companies": counts["companies"],
        "duplicate_rows": duplicates,
        "has_many_duplicates": duplicates > DUPLICATE_WARNING * max(counts["companies"], 1),
        "opt_outs": counts["opt_outs"],
        "phones": _found(connection, "lead_row_phones", "phone_e164", "phone_type"),
        "emails": _found(connection, "lead_row_emails", "email", "email_kind"),
        "domains": connection.execute(
            """
            select count(distinct registrable_domain) from normalised.lead_row_domains
            where is_valid
            """
        ).fetchone()[0],
        "fill_rates": _fill_rates(connection, lead_file.columns),
        "first_rejected": _first_rejected(connection),
    }


def _found(connection: duckdb.DuckDBPyConnection, model: str, value: str, kind: str) -> dict[str, Any]:
    """Distinct valid values by kind, and the cells that hold none by reason."""
    return {
        "distinct": connection.execute(
            f"select count(distinct {value}) from normalised.{model} where is_valid"
        ).fetchone()[0],
        "by_kind": _counts(
            connection,
            f"""
            select {kind}, count(distinct {value}) from normalised.{model}
            where is_valid group by all order by 2 desc, 1
            """,
        ),
        "invalid": _counts(
            connection,
            f"""
            select reject_reason, count(*) from normalised.{model}
            where not is_valid group by all order by 2 desc, 1
            """,
        ),
    }


def _fill_rates(connection: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> dict[str, float]:
    filled = dict(
        connection.execute(
            """
            select key, count(*) filter (where trim(coalesce(value ->> '$', '')) <> '')
            from raw.raw_lead_rows, json_each(payload)
            group by key
            """
        ).fetchall()
    )
    total = connection.execute("select count(*) from raw.raw_lead_rows").fetchone()[0]
    return {column: round(filled.get(column, 0) / max(total, 1), 4) for column in columns}


def _first_rejected(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Where to look in the file and why; not whom the row is about."""
    cursor = connection.execute(
        f"""
        select * from (
            select 'row ' || row_number as place, reject_reason as reason, row_number as position
            from normalised.lead_rows where row_status = 'rejected'
            order by position limit {SHOWN_ROWS}
        )
        union all
        select * from (
            select 'line ' || line_number, reason, line_number
            from raw.raw_rejected_lines
            order by line_number limit {SHOWN_ROWS}
        )
        """
    )
    return [{"place": place, "reason": reason} for place, reason, _ in cursor.fetchall()]


def _one(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any] | None = None
) -> dict[str, Any]:
    cursor = connection.execute(query, values or {})
    return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def _counts(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    return dict(connection.execute(query).fetchall())


def as_text(document: dict[str, Any]) -> str:
    """The document for a person."""
    rate = f"{document['acceptance_rate']:.1%}"
    lines = [
        f"{document['file']}: {document['verdict'].upper()}. {document['rows_accepted']:,} of "
        f"{document['rows']:,} rows would be accepted ({rate}). {document['verdict_meaning']}.",
        "",
        *mapping_lines(document),
        "",
        f"Companies       {document['companies']:,}"
        f" ({document['duplicate_rows']:,} rows repeat a company of the file)",
        f"Phones          {_listing(document['phones']['by_kind'])}",
        f"  not usable    {_listing(document['phones']['invalid'])}",
        f"Emails          {_listing(document['emails']['by_kind'])}",
        f"  not usable    {_listing(document['emails']['invalid'])}",
        f"Websites        {document['domains']:,} different domains",
        f"Opt-outs        {document['opt_outs']:,} rows",
        f"Rejected        {_listing(document['reject_reasons'])}",
    ]
    if document["has_many_duplicates"]:
        lines.append("Many rows repeat a company: ask for a lower price, or a list without repeats.")
    if document["first_rejected"]:
        lines += ["", "First rejected:"]
        lines += [f"  {row['place']}: {row['reason']}" for row in document["first_rejected"]]
    return "\n".join(lines)


def _listing(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items()) or "none"


@command("audit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source-name", metavar="NAME", help="As for import; checked when given.")
@click.option("--source-type", metavar="TYPE", help="As for import; checked when given.")
@click.option("--allowed-use", metavar="USE", help="As for import; checked when given.")
@click.option("--consent-status", metavar="STATUS", help="As for import; checked when given.")
@click.option("--risk-level", metavar="RISK", help="As for import; checked when given.")
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='JSON: {"column header": "field" or null}. It wins over the proposal.',
)
@click.option("--sheet", metavar="NAME", help="The sheet of an Excel workbook. Default: the first.")
@click.option("--encoding", metavar="NAME", help="The file's encoding, when it is detected wrongly.")
def main(
    session: Session,
    file: Path,
    mapping_file: Path | None,
    sheet: str | None,
    encoding: str | None,
    **said: str | None,
) -> int:
    """Tell what an import of FILE would give, before anything is imported.

    The file goes through the reader and the SQL of the import in a scratch warehouse that is thrown
    away. Exit status: 0 worth importing (80 % of the rows accepted: healthy, 50 %: usable), 1 not worth
    it, 2 unreadable.
    """
    document = audit_lead_file(session, file, audit_metadata(**said), mapping_file, encoding, sheet)
    session.answer(document, as_text(document))
    return document["exit_status"]


if __name__ == "__main__":
    main()
