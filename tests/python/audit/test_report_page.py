"""The report page: self-contained, escaped, and a vendor's page without anything of ours."""

import errno
import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from python_jobs.audit.report_page import write_report
from python_jobs.command_line import UsageProblem

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}'


def document() -> dict:
    """An audit with hostile text wherever a file can put some, and marked figures of ours."""
    return {
        "file": "عملاء & co.csv",
        "file_sha256": "ab" * 32,
        "format": "Excel",
        "sheet": "الشركات",
        "encoding": None,
        "delimiter": None,
        "has_header": True,
        "rows": 1000,
        "rows_accepted": 799,
        "rows_rejected": 201,
        "reject_reasons": {"no_identifier": 201},
        "acceptance_rate": 0.7999,
        "verdict": "usable",
        "verdict_meaning": "Worth importing with care",
        "thresholds": [
            {"verdict": "reject", "min_acceptance_rate": 0.0},
            {"verdict": "usable", "min_acceptance_rate": 0.5},
            {"verdict": "healthy", "min_acceptance_rate": 0.8},
        ],
        "companies": 700,
        "companies_with_contact_point": 600,
        "duplicate_rows": 99,
        "has_many_duplicates": False,
        "duplicates_by_key": {"phone": {"rows": 9, "different": 8, "repeats": 1, "is_many": False}},
        "opt_outs": 0,
        "phones": {
            "valid": 1, "not_valid": 0, "distinct": 1, "by_kind": {"mobile": 1},
            "by_country": {f"X{number}": number for number in range(1, 31)}, "invalid": {},
        },
        "emails": {"valid": 0, "not_valid": 0, "distinct": 0, "by_kind": {}, "invalid": {}},
        "domains": 0,
        "columns": [
            {"column": HOSTILE, "field": None, "fill_rate": 0.5},
            {"column": "اسم الشركة", "field": "company_name", "fill_rate": 1.0},
        ],
        "contract": {
            "version": "1",
            "is_kept": False,
            "terms": [
                {"check": "x", "term": "A term", "severity": "critical", "is_kept": False,
                 "required_share": 0.8, "kept_share": 0.7999, "rows_breaking": 201}
            ],
        },
        "first_rejected": [{"place": "row 5", "reason": "no_identifier"}],
        "compliance": {
            "allowed_use": "unknown", "consent_status": "unknown", "risk_level": "unknown",
            "companies": {"ready": 424242}, "contactable_companies": 424242, "rules": [],
        },
        "overlap": {
            "compared": True, "not_compared_because": None, "companies_known": 434343,
            "known_by_key": {"phone": 434343}, "companies_new": 444444,
            "companies_new_and_contactable": 454545,
            "lists_not_built": [{"source_name": HOSTILE, "why": "landed after the last build"}],
        },
        "landed_before": [
            {"import_id": "imp_1", "source_name": HOSTILE, "imported_at": datetime(2025, 5, 6, 7),
             "is_withdrawn": True},
        ],
        "price": {"sar": 464646, "sar_per_accepted_row": 474747, "sar_per_company": 484848,
                  "sar_per_usable_lead": 494949},
    }  # fmt: skip


class Page(HTMLParser):
    """Every tag of the page with its attributes."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


@pytest.mark.parametrize("is_internal", [False, True])
def test_it_needs_nothing_and_runs_nothing(tmp_path, is_internal):
    text = write_report(document(), tmp_path / "new" / "folder", is_internal).read_text(encoding="utf-8")
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "a", "form"}
    names = {name for _, attributes in page.tags for name in attributes}
    assert not names & {"src", "href", "onerror", "onload", "onclick", "xlink:href", "action"}
    assert not re.search(r"https?://|@import|url\(", text)
    assert "&lt;script&gt;" in text
    assert "{{ 7*7 }}" in text


def test_what_is_ours_stands_on_the_internal_page_only(tmp_path):
    vendor = write_report(document(), tmp_path, False).read_text(encoding="utf-8")
    internal = write_report(document(), tmp_path, True).read_text(encoding="utf-8")
    for figure in (
        "424,242", "434,343", "444,444", "454,545", "494,949", "landed after the last build",
        "landed on 2025-05-06",
    ):  # fmt: skip
        assert figure in internal
        assert figure not in vendor
    assert "internal" not in vendor


def test_just_below_the_threshold_is_not_shown_as_reaching_it(tmp_path):
    text = write_report(document(), tmp_path, False).read_text(encoding="utf-8")
    assert "79.9 %" in text
    assert "(80 %)" not in text


def test_it_says_how_the_file_was_read(tmp_path):
    text = write_report(document(), tmp_path, False).read_text(encoding="utf-8")
    # Isolated: the number would stand before an Arabic name of a sheet.
    assert "<bdi>Excel, sheet &#39;الشركات&#39;</bdi>, 2 columns" in text


def test_text_finds_its_own_direction_and_long_lists_are_summed_up(tmp_path):
    text = write_report(document(), tmp_path, False).read_text(encoding="utf-8")
    assert '<td dir="auto">اسم الشركة</td>' in text
    assert '<h1 dir="auto">عملاء &amp; co.csv</h1>' in text
    assert "22 others" in text


def test_a_file_whose_name_is_as_long_as_names_get(tmp_path):
    name = "ق" * 124 + ".csv"
    page = write_report(document() | {"file": name}, tmp_path, is_internal=False)
    assert page.name.startswith("ققق")
    assert name in page.read_text(encoding="utf-8")


def test_a_full_disk_leaves_no_half_of_it(tmp_path, monkeypatch):
    write_text = Path.write_text

    def until_full(path, text, **more):
        write_text(path, text[:100], **more)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", until_full)
    with pytest.raises(UsageProblem, match="No space left"):
        write_report(document(), tmp_path, is_internal=False)
    assert list(tmp_path.iterdir()) == []
