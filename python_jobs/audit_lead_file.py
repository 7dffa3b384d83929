"""`dealix audit FILE`: would this file be accepted? The same reader and the same SQL as the import."""

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from python_jobs.audit.acceptance_contract import hold_to_contract
from python_jobs.audit.figures import read_compliance, read_figures
from python_jobs.audit.overlap import read_landed_before, read_overlap
from python_jobs.audit.rejects_file import write_rejects
from python_jobs.audit.report_page import write_report
from python_jobs.audit.trial_import import trial_import
from python_jobs.command_line import Refusal, Session, UsageProblem, command
from python_jobs.landing.describe import file_facts, mapping_facts, mapping_lines
from python_jobs.landing.import_metadata import ImportMetadata, check_metadata


@dataclass(frozen=True)
class AuditOrder:
    """What is asked for besides the figures. `price` is what the file costs, in SAR."""

    price: Decimal | None = None
    rejects: Path | None = None
    report_folder: Path | None = None
    is_internal: bool = False


def audit_lead_file(
    session: Session,
    path: Path,
    metadata: ImportMetadata,
    order: AuditOrder,
    mapping_file: Path | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> dict[str, Any]:
    """What an import of the file would give, as a JSON document; the warehouse is not touched.

    Raises UsageProblem when the file cannot be read or what was asked for cannot be written.
    """
    _check_targets(order)
    with trial_import(session, path, metadata, mapping_file, encoding, sheet) as trial:
        figures = read_figures(trial)
        compliance = read_compliance(trial.connection)
        overlap = read_overlap(trial.connection, trial.not_compared_because)
        contract = hold_to_contract(trial.connection)
        document = {
            **file_facts(trial.lead_file),
            **mapping_facts(trial.mapping),
            "file_sha256": trial.lead_file.sha256,
            "lines_read": trial.landed.rows_read,
            **figures,
            "columns": [
                vars(entry) | {"fill_rate": figures["fill_rates"][entry.column]} for entry in trial.mapping
            ],
            "contract": contract,
            "compliance": {
                "allowed_use": metadata.allowed_use,
                "consent_status": metadata.consent_status,
                "risk_level": metadata.risk_level,
                **compliance,
            },
            "overlap": overlap,
            "landed_before": read_landed_before(session, trial.lead_file),
            "price": _price_per_lead(order.price, figures, overlap),
            "rejects_file": str(order.rejects) if order.rejects else None,
            "rejects_rows": None,
        }
        if order.rejects:
            document["rejects_rows"] = write_rejects(trial.connection, trial.mapping, order.rejects)
    document["report"] = (
        str(write_report(document, order.report_folder, order.is_internal)) if order.report_folder else None
    )
    return document


def audit_metadata(**said: str | None) -> tuple[ImportMetadata, str | None]:
    """The metadata said on the command line, and why an import that says no more would be refused.

    What was not said is unknown: the verdicts are then those of an unknown list. Raises Refusal and
    UsageProblem as an import would for what was said.
    """
    given = {name: text for name, text in said.items() if text}
    assumed = {
        "source_name": "file_under_audit",
        "source_type": "manual",
        "allowed_use": "unknown",
        "risk_level": "unknown",
    }
    refusal = None
    try:
        return check_metadata(**{**assumed, **given}), refusal
    except Refusal as found:
        if "allowed_use" in given:
            raise
        refusal = str(found)
    # A list that is refused for its unknown use can still be looked at.
    metadata = check_metadata(**{**assumed, **given, "allowed_use": "internal_analysis_only"})
    return replace(metadata, allowed_use="unknown"), refusal


def _check_targets(order: AuditOrder) -> None:
    if order.rejects:
        if order.rejects.suffix.lower() != ".csv":
            raise UsageProblem(f"{order.rejects} is no CSV file name. Choose a name that ends in .csv.")
        if order.rejects.exists():
            raise UsageProblem(f"{order.rejects} is there already. Choose another name.")
        if not order.rejects.parent.is_dir():
            raise UsageProblem(f"There is no folder {order.rejects.parent}. Create it first.")
    if order.report_folder and order.report_folder.exists() and not order.report_folder.is_dir():
        raise UsageProblem(f"{order.report_folder} is a file; --report wants a folder.")
    if order.is_internal and not order.report_folder:
        raise UsageProblem("--internal is about the page of --report DIR: add it.")


def _price_per_lead(
    price: Decimal | None, figures: dict[str, Any], overlap: dict[str, Any]
) -> dict[str, Any] | None:
    """SAR per accepted row, per company and per usable lead (new to us, and we may contact it)."""
    if price is None:
        return None

    def each(number: int) -> Decimal | None:
        return round(price / number, 2) if number else None

    return {
        "sar": price,
        "sar_per_accepted_row": each(figures["rows_accepted"]),
        "sar_per_company": each(figures["companies"]),
        "sar_per_usable_lead": each(overlap["companies_new_and_contactable"]),
    }


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
        f"Repeats by key  {_repeats(document['duplicates_by_key'])}",
        f"Phones          {_listing(document['phones']['by_kind'])}",
        f"  countries     {_listing(document['phones']['by_country'])}",
        f"  not usable    {_listing(document['phones']['invalid'])}",
        f"Emails          {_listing(document['emails']['by_kind'])}",
        f"  not usable    {_listing(document['emails']['invalid'])}",
        f"Websites        {document['domains']:,} different domains",
        f"Opt-outs        {document['opt_outs']:,} rows",
        f"Rejected        {_listing(document['reject_reasons'])}",
        *([f"Empty rows      {document['rows_empty']:,} (not counted)"] if document["rows_empty"] else []),
        "",
        *_contract_lines(document["contract"]),
        "",
        *_compliance_lines(document),
        "",
        *_overlap_lines(document["overlap"], document["price"]),
        *_landed_before_lines(document["landed_before"]),
    ]
    if document["has_many_duplicates"] or any(
        key["is_many"] for key in document["duplicates_by_key"].values()
    ):
        lines += [
            "",
            "Many rows repeat others (over a fifth of what is different): ask for a lower price, "
            "or a list without repeats.",
        ]
    if document["first_rejected"]:
        lines += ["", "First rejected:"]
        lines += [
            f"  {row['place']}: {row['reason']}" + (f"   {row['text']}" if row["text"] else "")
            for row in document["first_rejected"]
        ]
    if document["rejects_file"]:
        lines += ["", f"{document['rejects_rows']:,} rows to send back: {document['rejects_file']}"]
    if document["report"]:
        lines += ["", f"Report: {document['report']}"]
    return "\n".join(lines)


def _contract_lines(contract: dict[str, Any]) -> list[str]:
    outcome = "kept" if contract["is_kept"] else "BROKEN"
    lines = [f"Acceptance contract {contract['version']}: {outcome}"]
    for term in contract["terms"]:
        share = "no rows" if term["kept_share"] is None else f"{term['kept_share']:.1%}"
        mark = "ok " if term["is_kept"] else "NO " if term["severity"] == "critical" else "low"
        lines.append(f"  {mark} {term['term']}: {share} (at least {term['required_share']:.0%})")
    return lines


def _compliance_lines(document: dict[str, Any]) -> list[str]:
    compliance = document["compliance"]
    lines = [
        f"Compliance      {_listing(compliance['companies'])} (companies; allowed use "
        f"{compliance['allowed_use']}, consent {compliance['consent_status']}, "
        f"risk {compliance['risk_level']})"
    ]
    lines += [f"  {rule['companies']:,} {rule['verdict']}: {rule['title']}" for rule in compliance["rules"]]
    if document.get("import_refusal"):
        lines.append(f"  An import that says no more is refused: {document['import_refusal']}")
    return lines


def _overlap_lines(overlap: dict[str, Any], price: dict[str, Any] | None) -> list[str]:
    if overlap["compared"]:
        known = f"{overlap['companies_known']:,} companies ({_listing(overlap['known_by_key'])})"
    else:
        known = f"nothing to compare with: {overlap['not_compared_because']}"
    lines = [
        f"Known already   {known}",
        f"New             {overlap['companies_new']:,} companies, "
        f"{overlap['companies_new_and_contactable']:,} of them can be contacted",
    ]
    if overlap["lists_not_built"]:
        listed = ", ".join(f"{each['source_name']} ({each['why']})" for each in overlap["lists_not_built"])
        lines.append(
            f"  as of the last build, which does not know: {listed}. `dealix run`, then audit again."
        )
    if price:
        usable = price["sar_per_usable_lead"]
        lines.append(
            f"Price           {price['sar']:,} SAR: "
            + ("no usable lead at all" if usable is None else f"{usable:,} SAR per usable lead")
        )
    return lines


def _landed_before_lines(imports: list[dict[str, Any]]) -> list[str]:
    return [
        f"Landed before   as import {each['import_id']} from {each['source_name']} on "
        f"{each['imported_at']:%Y-%m-%d}" + (", withdrawn since" if each["is_withdrawn"] else "")
        for each in imports
    ]


def _repeats(keys: dict[str, dict[str, Any]]) -> str:
    return (
        ", ".join(
            f"{key['repeats']:,} {name.replace('_', ' ')}"
            + (f" (many: of {key['different']:,} different)" if key["is_many"] else "")
            for name, key in keys.items()
            if key["repeats"]
        )
        or "none"
    )


def _listing(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items()) or "none"


class _Price(click.ParamType):
    name = "SAR"

    def convert(self, value: Any, param: Any, ctx: Any) -> Decimal:
        try:
            price = Decimal(str(value).replace(",", ""))
        except ArithmeticError:
            self.fail(f"{value!r} is no amount. Write it as 4500 or 4500.50.", param, ctx)
        if not price.is_finite() or price < 0:
            self.fail(f"{value!r} is no amount. Write it as 4500 or 4500.50.", param, ctx)
        return price


@command("audit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source-name", metavar="NAME", help="As for import; checked when given.")
@click.option("--source-type", metavar="TYPE", help="As for import. Not given: manual.")
@click.option("--allowed-use", metavar="USE", help="As for import. Not given: unknown.")
@click.option("--consent-status", metavar="STATUS", help="As for import. Not given: unknown.")
@click.option("--risk-level", metavar="RISK", help="As for import. Not given: unknown.")
@click.option(
    "--country",
    metavar="CODE",
    help="As for import: the Gulf state of the companies of which the list names no place.",
)
@click.option("--vendor-last-updated", metavar="DATE", help="The vendor's own date of the list (2026-04-30).")
@click.option(
    "--assessment",
    "assessment_reference",
    metavar="REF",
    help="Reference of the assessment behind a legitimate interest.",
)
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='JSON: {"column header": "field" or null}. It wins over the proposal.',
)
@click.option("--sheet", metavar="NAME", help="The sheet of an Excel workbook. Default: the first.")
@click.option("--encoding", metavar="NAME", help="The file's encoding, when it is detected wrongly.")
@click.option("--price", type=_Price(), help="What the file costs: tells the cost per usable lead.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Write the rows that break the contract, with the reasons, to send back to the vendor.",
)
@click.option(
    "--report",
    "report_folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a page into this folder that can be sent to the vendor: figures, no rows.",
)
@click.option(
    "--internal",
    "is_internal",
    is_flag=True,
    help="A page for us instead: with the overlap, the compliance verdicts and the price.",
)
def main(
    session: Session,
    file: Path,
    mapping_file: Path | None,
    sheet: str | None,
    encoding: str | None,
    price: Decimal | None,
    rejects: Path | None,
    report_folder: Path | None,
    is_internal: bool,
    **said: str | None,
) -> int:
    """Tell what an import of FILE would give, before anything is imported or bought.

    The file goes through the reader and the SQL of the import in a scratch warehouse that is thrown
    away. A usable lead is a company that the warehouse does not know and that may be contacted, as of
    the warehouse's last build. Of a company that is known already the audit tells what the file's terms
    allow; it keeps the stricter ones of its other lists. Exit status: 0 worth importing (80 % of the rows
    accepted: healthy, 50 %: usable), 1 not worth it, 2 unreadable.
    """
    metadata, refusal = audit_metadata(**said)
    order = AuditOrder(price, rejects, report_folder, is_internal)
    document = audit_lead_file(session, file, metadata, order, mapping_file, encoding, sheet)
    document["import_refusal"] = refusal
    session.answer(document, as_text(document))
    return document["exit_status"]


if __name__ == "__main__":
    main()
