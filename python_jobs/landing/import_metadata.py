"""What must be said about a list before it is landed; checked against seeds/policy, nothing assumed."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from python_jobs.command_line import Refusal, UsageProblem
from python_jobs.landing.folding import fold_header
from python_jobs.landing.set_based.phones import REGIONS
from python_jobs.landing.text_cleaning import clean_marks
from python_jobs.warehouse.connection import PROJECT_ROOT, utc_now

POLICY = PROJECT_ROOT / "seeds" / "policy"


@dataclass(frozen=True)
class ImportMetadata:
    """Who says what about a list. Every value stands in the policy seeds."""

    source_name: str
    source_type: str
    allowed_use: str
    consent_status: str
    risk_level: str
    customer: str | None = None
    vendor_last_updated: date | None = None
    assessment_reference: str | None = None
    notes: str | None = None
    country: str | None = None


def check_metadata(
    source_name: str | None,
    source_type: str | None,
    allowed_use: str | None = None,
    consent_status: str | None = None,
    risk_level: str | None = None,
    customer: str | None = None,
    vendor_last_updated: str | None = None,
    assessment_reference: str | None = None,
    notes: str | None = None,
    country: str | None = None,
) -> ImportMetadata:
    """The metadata with the provider's defaults filled in.

    Raises Refusal for a list that may not be imported (with the rule), UsageProblem for a value that is
    missing or not in the seeds (with the allowed ones).
    """
    name = _text(source_name)
    _refuse_forbidden_source(name or "")
    if not _text(source_type):
        raise Refusal(
            "A list without a source type cannot be answered for. Add --source-type, one of: "
            f"{_listed('source_types', 'source_type')}.",
            "no_provenance",
        )
    kind = _one_of("--source-type", source_type, "source_types", "source_type")
    policy = _seed("source_types", "source_type")[kind]
    use = _one_of("--allowed-use", allowed_use, "allowed_uses", "allowed_use")
    risk = _one_of("--risk-level", risk_level, "risk_levels", "risk_level")
    use = (
        use
        or policy["default_allowed_use"]
        or _must_be_said(kind, "--allowed-use", "allowed_uses", "allowed_use")
    )
    risk = (
        risk
        or policy["default_risk_level"]
        or _must_be_said(kind, "--risk-level", "risk_levels", "risk_level")
    )
    if use == "unknown" and policy["refuses_unknown_use"] == "true":
        raise Refusal(
            f"A {kind} list of unknown use is refused: ask the vendor in writing what it may be used "
            f"for. Allowed uses: {_listed('allowed_uses', 'allowed_use')}.",
            "paid_list_of_unknown_use",
        )
    return ImportMetadata(
        source_name=name,
        source_type=kind,
        allowed_use=use,
        consent_status=_consent(consent_status),
        risk_level=risk,
        customer=_text(customer),
        vendor_last_updated=_past_date(vendor_last_updated),
        assessment_reference=_text(assessment_reference),
        notes=_text(notes),
        country=check_country(country),
    )


def check_country(given: str | None) -> str | None:
    """The ISO code of a Gulf state; None when nothing was given. Raises UsageProblem for any other."""
    code = (_text(given) or "").upper()
    if code and code not in REGIONS:
        raise UsageProblem(f"--country {given!r} is not known. Choose one of: {', '.join(REGIONS)}.")
    return code or None


def allowed_values(seed: str, column: str) -> list[str]:
    """The values of a policy seed, in its order."""
    return list(_seed(seed, column))


def _refuse_forbidden_source(name: str) -> None:
    folded = fold_header(name)
    for pattern, row in _seed("forbidden_sources", "pattern").items():
        if re.search(pattern, folded):
            raise Refusal(
                f"{row['reason']} ({row['source']}). Add --source-name with where the list is from, "
                "for example vendor_x_2026_q2."
                if row["rule_id"] == "no_provenance"
                else f"{row['reason']} ({row['source']}).",
                row["rule_id"],
            )


def _consent(given: str | None) -> str:
    status = _one_of("--consent-status", given, "consent_statuses", "consent_status") or "unknown"
    if _seed("consent_statuses", "consent_status")[status]["can_be_imported"] != "true":
        raise UsageProblem(
            f"A list cannot be imported as {status}: record each person's opt-out with "
            "`dealix suppress` instead."
        )
    return status


def _one_of(option: str, given: str | None, seed: str, column: str) -> str | None:
    value = _text(given)
    if value is None:
        return None
    if value.lower() not in _seed(seed, column):
        raise UsageProblem(f"{option} {given!r} is not known. Choose one of: {_listed(seed, column)}.")
    return value.lower()


def _must_be_said(kind: str, option: str, seed: str, column: str) -> str:
    raise UsageProblem(
        f"{option} must be said for a {kind} list; nothing is assumed. One of: {_listed(seed, column)}."
    )


def _listed(seed: str, column: str) -> str:
    return ", ".join(allowed_values(seed, column))


def _past_date(given: str | None) -> date | None:
    if not _text(given):
        return None
    try:
        day = date.fromisoformat(_text(given))
    except ValueError:
        raise UsageProblem(f"--vendor-last-updated {given!r} is no date. Write it as 2026-04-30.") from None
    if day > utc_now().date():
        raise UsageProblem(f"--vendor-last-updated {day} is in the future.")
    return day


def _text(given: str | None) -> str | None:
    return " ".join(clean_marks(given).split()) or None if given else None


@cache
def _seed(name: str, key: str) -> dict[str, dict[str, str]]:
    with (POLICY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}
