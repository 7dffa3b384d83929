"""Renders an audit as one HTML page that needs nothing else: no script, no network, every text escaped."""

import contextlib
from pathlib import Path
from typing import Any

import jinja2

from python_jobs.command_line import UsageProblem
from python_jobs.landing.describe import reading
from python_jobs.warehouse.connection import utc_now

# What a vendor may see. Verdicts and overlap tell of our own data, the price of our calculation.
VENDOR_PARTS = (
    "file", "file_sha256", "reading", "has_header", "rows", "rows_accepted", "rows_rejected",
    "reject_reasons", "acceptance_rate", "verdict", "verdict_meaning", "companies",
    "companies_with_contact_point", "duplicate_rows", "has_many_duplicates", "duplicates_by_key", "opt_outs",
    "phones", "emails", "domains", "columns", "contract", "first_rejected", "thresholds",
)  # fmt: skip
INTERNAL_PARTS = ("compliance", "overlap", "landed_before", "price")

# Plain words for codes; one that is not here is shown as it is, without underscores.
WORDS = {
    "no_company_name": "no company name",
    "no_identifier": "no valid phone, email, website or place id",
    "linkedin_source": "taken from LinkedIn",
    "above_header": "above the header, not counted",
    "header_again": "the header once more, not counted",
    "line: too_many_fields": "line with too many cells",
    "line: too_few_fields": "line with too few cells",
    "named": "a person at a company",
    "personal": "personal (free mail)",
    "disposable": "throw-away",
    "role": "a company's desk",
    "name_city": "name and city",
    "name_address": "name and address",
    "place_id": "place id",
    "whole_row": "the whole row",
    "SA": "Saudi Arabia", "AE": "United Arab Emirates", "KW": "Kuwait", "BH": "Bahrain", "QA": "Qatar",
    "OM": "Oman", "EG": "Egypt", "JO": "Jordan", "US": "United States", "GB": "United Kingdom",
    "IN": "India", "PK": "Pakistan",
}  # fmt: skip
MOST_BARS = 8


def write_report(document: dict[str, Any], folder: Path, is_internal: bool) -> Path:
    """Write the page into the folder, which is made if need be, and return its path.

    The vendor's page holds figures of the vendor's own file and no row of it; the internal one adds what
    we know. Raises UsageProblem when it cannot be written.
    """
    parts = VENDOR_PARTS + (INTERNAL_PARTS if is_internal else ())
    told = document | {"reading": reading(document)}
    shown = {name: told[name] for name in parts}
    page = _template().render(audit=shown, is_internal=is_internal, today=utc_now().date().isoformat())
    kind = "internal" if is_internal else "vendor"
    # A name of 255 bytes is a file system's longest.
    name = document["file"].encode("utf-8", "replace")[:200].decode("utf-8", "ignore")
    target = folder / f"{name}.{kind}.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.write_text(page, encoding="utf-8", errors="replace")
    except OSError as error:
        # Half a page would be one without the worse half.
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise UsageProblem(f"{target} cannot be written: {error.strerror}.") from error
    return target


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "percent": _percent, "words": _words, "bars": _bars}
    return environment.get_template("report_page.html")


def _number(value: Any) -> str:
    return f"{value:,}"


def _percent(value: float | None) -> str:
    # 79.96 % is not 80 %: what is below a threshold is never shown as if it reached it.
    if value is None:
        return "–"
    text = f"{int(value * 1000 + 1e-9) / 10:.1f}"
    return text.removesuffix(".0") + " %"


def _words(code: str) -> str:
    return WORDS.get(code) or code.replace("_", " ")


def _bars(counts: dict[str, int]) -> list[dict[str, Any]]:
    """The largest counts as bars: label, number and width in percent; the rest as one."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown, rest = ordered[:MOST_BARS], ordered[MOST_BARS:]
    if rest:
        shown.append((f"{len(rest)} others", sum(number for _, number in rest)))
    most = max((number for _, number in shown), default=0)
    return [
        {"label": _words(code), "number": number, "width": round(100 * number / most, 2) if most else 0}
        for code, number in shown
    ]
