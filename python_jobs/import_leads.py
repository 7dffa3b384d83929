"""`dealix import FILE`: lands a lead list with what must be known about it."""

from pathlib import Path
from typing import Any

import click

from python_jobs.command_line import Session, by_option, command, plain
from python_jobs.landing.column_mapping import (
    MappedColumn,
    propose_mapping,
    read_mapping_file,
)
from python_jobs.landing.describe import file_facts, mapping_facts, mapping_lines
from python_jobs.landing.import_metadata import ImportMetadata, allowed_values, check_metadata
from python_jobs.landing.land_leads import LandedImport, land_leads
from python_jobs.landing.lead_file import LeadFile, open_lead_file
from python_jobs.landing.saved_mapping import saved_mapping
from python_jobs.landing.set_based.phones import REGIONS
from python_jobs.warehouse.connection import open_writer


def import_leads(
    session: Session,
    path: Path,
    metadata: ImportMetadata,
    actor: str,
    mapping_file: Path | None = None,
    again: bool = False,
    encoding: str | None = None,
    sheet: str | None = None,
) -> dict[str, Any]:
    """Land one file; returns what was landed, with the mapping, as a JSON document.

    Raises UsageProblem when the file cannot be read whole (nothing is landed then).
    """
    with open_lead_file(path, encoding, sheet) as lead_file:
        chosen = read_mapping_file(mapping_file, lead_file.columns) if mapping_file else None
        purpose = f"dealix import {path.name}"
        with open_writer(session.warehouse, purpose, session.say) as connection:
            saved = saved_mapping(connection, metadata.source_name) if chosen is None else None
            mapping = propose_mapping(lead_file.columns, lead_file.sample, chosen, saved)
            landed = land_leads(connection, lead_file, mapping, metadata, actor, again, session.say)
        return _document(lead_file, mapping, metadata, landed)


def _document(
    lead_file: LeadFile,
    mapping: list[MappedColumn],
    metadata: ImportMetadata,
    landed: LandedImport,
) -> dict[str, Any]:
    return {
        "status": "landed" if landed.is_new else "already_landed",
        "import_id": landed.import_id,
        "imported_at": landed.imported_at,
        "is_withdrawn": landed.is_withdrawn,
        **file_facts(lead_file),
        "rows_read": landed.rows_read,
        "rows_landed": landed.rows_landed,
        "rows_rejected": landed.rows_rejected,
        "rows_unchanged": landed.rows_unchanged,
        "source_name": metadata.source_name,
        "source_type": metadata.source_type,
        "allowed_use": metadata.allowed_use,
        "consent_status": metadata.consent_status,
        "risk_level": metadata.risk_level,
        **mapping_facts(mapping),
        "columns": [vars(entry) for entry in mapping],
    }


def _text(document: dict[str, Any]) -> str:
    if document["status"] == "already_landed":
        lines = [
            f"Nothing to do: {document['file']} was landed from {document['source_name']} before "
            f"(import {document['import_id']}, {document['imported_at']:%Y-%m-%d %H:%M} UTC). "
            "Use --again to land it once more."
        ]
        if document["is_withdrawn"]:
            lines.append("That import has been withdrawn since.")
        return "\n".join(lines)
    lines = [
        f"Landed {document['file']} as import {document['import_id']}: "
        f"{document['rows_landed']:,} rows of {document['rows_read']:,}, "
        f"{document['rows_rejected']:,} lines rejected.",
        *mapping_lines(document),
    ]
    if document["rows_unchanged"]:
        lines.insert(
            1,
            f"{document['rows_unchanged']:,} of them stand word for word in an earlier list of "
            f"{document['source_name']}.",
        )
    if document["rows_rejected"]:
        lines.append("The rejected lines stand in raw.raw_rejected_lines with their text and reason.")
    return "\n".join(lines)


def values_of(seed: str, column: str) -> str:
    """The values of a policy seed as help text."""
    return ", ".join(allowed_values(seed, column))


@command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source-name", metavar="NAME", help="Where the list is from, for example vendor_x_2026_q2.")
@click.option("--source-type", metavar="TYPE", help=f"One of: {values_of('source_types', 'source_type')}.")
@click.option("--allowed-use", metavar="USE", help=f"One of: {values_of('allowed_uses', 'allowed_use')}.")
@click.option(
    "--consent-status",
    metavar="STATUS",
    help="One of: opted_in, owned, legitimate_interest, unknown. Not given: unknown.",
)
@click.option("--risk-level", metavar="RISK", help=f"One of: {values_of('risk_levels', 'risk_level')}.")
@click.option("--customer", metavar="NAME", help="The company that outreach is prepared for.")
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='JSON: {"column header": "field" or null}. It wins over the proposal, and the source\'s next '
    "imports use it again.",
)
@click.option(
    "--country",
    metavar="CODE",
    help="Where the companies are of which the list names no place; their numbers without a country code are "
    f"read there. One of: {', '.join(REGIONS)}. Not given: SA for the numbers, unknown for the companies.",
)
@click.option("--vendor-last-updated", metavar="DATE", help="The vendor's own date of the list (2026-04-30).")
@click.option(
    "--assessment",
    "assessment_reference",
    metavar="REF",
    help="Reference of the assessment behind a legitimate interest.",
)
@click.option("--notes", metavar="TEXT", help="Anything to remember about the list.")
@click.option("--again", is_flag=True, help="Land a file once more that this source landed before.")
@click.option("--sheet", metavar="NAME", help="The sheet of an Excel workbook. Default: the first.")
@click.option("--encoding", metavar="NAME", help="The file's encoding, when it is detected wrongly.")
@click.option("--auto-pipeline", is_flag=True, help="Run the pipeline afterwards and show the report.")
@by_option
def main(
    session: Session,
    file: Path,
    mapping_file: Path | None,
    again: bool,
    sheet: str | None,
    encoding: str | None,
    auto_pipeline: bool,
    by: str,
    **said: str | None,
) -> int:
    """Land the lead list FILE as it stands: CSV (comma, semicolon, tab, pipe, or what a first line like
    sep=^ says), Excel (.xlsx) or JSON (a list, {"rows": [...]} or one object per line), each also
    compressed with gzip.

    Say where the list is from, what it may be used for and how risky it is; nothing permissive is
    assumed. google_maps and google_search bring their own use and risk. All rows land or none; every
    line that cannot be a row is kept with its reason. The same file from the same source is landed once.
    """
    metadata = check_metadata(**said)
    document = import_leads(session, file, metadata, by, mapping_file, again, encoding, sheet)
    text = _text(document)
    if auto_pipeline:
        from python_jobs import report_import
        from python_jobs.run_pipeline import run_pipeline

        if not session.as_json:
            click.echo(plain(text))
        document["pipeline"] = run_pipeline(session, import_id=document["import_id"])
        document["report"] = report_import.report(session, document["import_id"])
        text = report_import.as_text(document["report"])
    elif document["status"] == "landed":
        text += "\nNext: dealix run"
    session.answer(document, text)
    return 0


if __name__ == "__main__":
    main()
