"""What the audit shows is what the import then does, row by row, and company by company."""

import csv
import json

import duckdb
import pytest
from lake import Lake, write_csv

from python_jobs.audit import trial_import as trial_module
from python_jobs.audit.overlap import add_known_records
from python_jobs.audit.trial_import import trial_import
from python_jobs.command_line import Session
from python_jobs.landing.import_metadata import check_metadata

KNOWN = (
    "Company,Phone,Email,Website,City",
    "Acme Dental,0112345001,info@acme-overlap.sa,acme-overlap.sa,Riyadh",
    "Beta Schools,0112345002,,,Jeddah",
    "Other Bakery,0112345005,,,Riyadh",
    "Al Mutlaq Furniture,0112345011,,,Riyadh",
    "Jeddah Plumbing,0112345012,,,Jeddah",
    "Bridge House,0112345013,info@bridge-overlap.sa,,Riyadh",
    "Twin Motors,0112345014,,twin-overlap.sa,Riyadh",
    "Twin Motors,0112345015,,twin-other-overlap.sa,Riyadh",
)
# Unlike names that share a word; like ones that share none, in two scripts; two rows that only a company
# of ours makes one; a name between two companies.
MIXED = (
    "مفروشات المطلق,0112345011,,,الرياض,,",
    "Jeddah Flowers,0112345012,,,Jeddah,,",
    "Bridge House Est,0112345013,,,Riyadh,,",
    "Bridge House Group,,info@bridge-overlap.sa,,Jeddah,,",
    "Twin Motors,0112345099,,,Riyadh,,",
)
# A row without a company that opts out, and a company whose list was withdrawn after it opted out itself.
NAMELESS = ("Company,Email,Opt out", ",info@nameless-overlap.sa,yes")
WITHDRAWN = ("Company,Phone", "Left Alone Est,0112345021")
OPTED_OUT_BEFORE = (
    "Nameless No More,,info@nameless-overlap.sa,,Riyadh,,",
    "Left Alone,0112345021,sales@left-alone-overlap.sa,,Riyadh,,",
)
HEADER = "اسم الشركة,Mobile,Email,Website,City,رقم الهوية,Unsubscribed"
OFFERED = (
    "قائمة 2026",
    HEADER,
    "ACME DENTAL CO,,info@acme-overlap.sa,,Riyadh,,",
    "شركة Beta Schools,00966 11 234 5002,,,جدة,,",
    "شركة النخبة الطبية,٠١١٢٣٤٥٠٠٣,info@nukhba-overlap.sa,,الرياض,,",
    "شركه النخبه الطبيه,0112345003,,,الرياض,1010101010,",
    "Gone Trading,0112345004,info@gone-overlap.sa,,Riyadh,,",
    "Quiet Foods,0112345005,office@quiet-overlap.sa,,Riyadh,,yes",
    "\"=cmd|' /C calc'!A0\",12,a@b..com,,Riyadh,,",
    "-,0112345006,,,Riyadh,,",
    "Wide,0112345007,,,Riyadh,,,one,more",
    *MIXED,
    *OPTED_OUT_BEFORE,
)
METADATA = {
    "--source-name": "vendor_2026",
    "--source-type": "partner",
    "--allowed-use": "partner_referral",
    "--risk-level": "low",
}
OPTIONS = [part for pair in METADATA.items() for part in pair]
COMPARED = """
    select * exclude (import_id, account_id), account_id
    from normalised.lead_rows where import_id = $id order by row_number
"""


def with_named_accounts(rows, known):
    """The rows with a new company named by its first row: a trial does not know what ids an import will give."""
    named = {account: account for account in known}
    return [
        (*row[:-1], row[-1] and named.setdefault(row[-1], f"row {number}"))
        for number, row in enumerate(rows, start=1)
    ]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A list audited on a built warehouse, then imported and built."""
    folder = tmp_path_factory.mktemp("preview")
    lake = Lake(folder / "lake")
    lake.folder.mkdir()
    file = write_csv(folder / "offer.csv", *OFFERED)
    lake.import_list(write_csv(folder / "known.csv", *KNOWN), "crm")
    metadata = check_metadata("vendor_2026", "partner", "partner_referral", risk_level="low")
    session = Session(lake.path, as_json=True)
    lake.import_list(write_csv(folder / "nameless.csv", *NAMELESS), "refusals")
    withdrawn = lake.import_list(write_csv(folder / "withdrawn.csv", *WITHDRAWN), "of_before")["import_id"]
    other = write_csv(folder / "other.csv", "Company,Phone", "Other Tailor,0112345032")
    taken_back = lake.import_list(other, "taken_back")["import_id"]
    unbuilt = [add_known_records(duckdb.connect(), session)]
    lake.dealix("run", "--step", "normalize")
    lake.dealix("run", "--step", "dedupe")
    unbuilt.append(add_known_records(duckdb.connect(), session))
    lake.dealix("run")
    left_alone = lake.value(
        "select account_id from normalised.lead_rows where import_id = $id", {"id": withdrawn}
    )
    lake.dealix("suppress", "--account", left_alone, "--reason", "asked", "--by", "A Tester")
    lake.dealix("withdraw", withdrawn, "--reason", "sent by mistake", "--yes", "--by", "A Tester")
    lake.dealix("run")
    lake.import_list(write_csv(folder / "late.csv", "Company,Phone", "Late Bakery,0112345031"), "late")
    lake.dealix("withdraw", taken_back, "--reason", "sent by mistake", "--yes", "--by", "A Tester")
    known = {account for (account,) in lake.sql("select account_id from identity.clusters")}
    lake.dealix("suppress", "--email", "info@gone-overlap.sa", "--reason", "asked", "--by", "A Tester")
    with trial_import(session, file, metadata) as trial:
        preview = trial.connection.execute(COMPARED, {"id": trial.landed.import_id}).fetchall()
    before = lake.path.read_bytes()
    audit = lake.dealix(
        "audit", file, *OPTIONS, "--price", "1,000", "--rejects", folder / "rejects.csv",
        "--report", folder / "report",
    )  # fmt: skip
    is_untouched = lake.path.read_bytes() == before
    landed = lake.dealix("import", file, *OPTIONS)
    lake.dealix("run")
    return {
        "folder": folder, "lake": lake, "known": known, "preview": preview, "unbuilt": unbuilt,
        "audit": audit, "is_untouched": is_untouched, "landed": landed,
    }  # fmt: skip


def test_every_row_is_decided_as_the_import_decides(story):
    """With its account: an account is named by its earliest record, which may stand in another list."""
    committed = story["lake"].sql(COMPARED, {"id": story["landed"]["import_id"]})
    assert len(committed) == 15
    preview, committed = (with_named_accounts(rows, story["known"]) for rows in (story["preview"], committed))
    assert preview == committed
    assert len({row[-1] for row in committed} & story["known"]) == 4


def test_the_figures_are_those_of_the_import(story):
    quality = story["lake"].sql(
        """
        select rows_total, rows_accepted, rows_rejected, verdict, phones_valid, phones_invalid, emails_valid
        from reporting.import_quality where source_name = 'vendor_2026'
        """
    )
    audit = story["audit"]
    assert quality == [
        (
            audit["rows"], audit["rows_accepted"], audit["rows_rejected"], audit["verdict"],
            audit["phones"]["valid"], audit["phones"]["not_valid"], audit["emails"]["valid"],
        )
    ]  # fmt: skip
    assert (audit["rows"], audit["rows_accepted"], audit["verdict"]) == (16, 13, "healthy")


def test_overlap_is_what_the_import_then_matches(story):
    overlap = story["audit"]["overlap"]
    matched = story["lake"].sql(
        """
        select accounts_matched, accounts_new
        from reporting.import_report where source_name = 'vendor_2026'
        """
    )
    assert [(overlap["companies_known"], overlap["companies_new"])] == matched == [(4, 7)]
    assert overlap["known_by_key"]["email"] == 2
    assert overlap["known_by_key"]["phone"] == 3


def test_net_new_leaves_out_who_opted_out_with_us_or_with_the_vendor(story):
    """Or in a row of an earlier list, or as a company whose list was withdrawn since."""
    contactable = story["lake"].value(
        """
        select count(distinct companies.account_id)
        from normalised.lead_rows as companies
        inner join compliance.live_verdicts as verdicts on companies.account_id = verdicts.account_id
        where
            companies.import_id = $id
            and verdicts.verdict <> 'blocked'
            and companies.account_id not in (select unnest($known))
        """,
        {"id": story["landed"]["import_id"], "known": sorted(story["known"])},
    )
    assert story["audit"]["overlap"]["companies_new_and_contactable"] == contactable == 3
    assert story["audit"]["compliance"]["companies"] == {"ready": 6, "blocked": 4, "needs_review": 1}
    assert story["audit"]["price"]["sar_per_usable_lead"] == 333.33


def test_a_warehouse_that_was_never_built_whole_is_not_compared(story):
    """Nor after the steps up to who is who: whom the gate leaves out is not known then."""
    assert story["unbuilt"] == ["the warehouse has never been built whole"] * 2


def test_what_the_last_build_does_not_know_is_told(story):
    assert story["audit"]["overlap"]["lists_not_built"] == [
        {"source_name": "taken_back", "why": "withdrawn after the last build"},
        {"source_name": "late", "why": "landed after the last build"},
    ]


def test_a_file_that_was_landed_before_is_told(story):
    lake, file = story["lake"], story["folder"] / "withdrawn.csv"
    (before,) = lake.dealix("audit", file, *OPTIONS)["landed_before"]
    assert (before["source_name"], before["is_withdrawn"]) == ("of_before", True)
    assert before["import_id"] == lake.value(
        "select import_id from raw.raw_lead_imports where source_name = 'of_before'"
    )
    assert story["audit"]["landed_before"] == []


def test_the_warehouse_is_not_touched_and_nothing_is_left(story):
    assert story["is_untouched"]
    assert list((story["lake"].folder / ".dbt" / "audit").iterdir()) == []


def test_the_contract_names_the_rows_that_break_it(story):
    contract = story["audit"]["contract"]
    terms = {term["check"]: term for term in contract["terms"]}
    assert not contract["is_kept"]
    assert terms["is_acceptable"]["rows_breaking"] == 3
    assert terms["is_acceptable"]["required_share"] == 0.8
    assert terms["is_readable"]["rows_breaking"] == 1
    assert terms["is_free_of_sensitive_data"]["rows_breaking"] == 1
    assert terms["has_valid_phones"]["rows_breaking"] == 1
    assert terms["is_first_of_its_company"]["rows_breaking"] == 2
    assert terms["has_valid_websites"]["kept_share"] is None


def test_rejects_are_the_vendors_rows_with_the_reasons(story):
    with (story["folder"] / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["dealix_place"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"row 4", "row 7", "row 8", "row 12", "line 11"}
    assert len(rows) == story["audit"]["rejects_rows"]
    assert rows["row 7"]["اسم الشركة"].startswith("'=cmd")
    assert rows["row 7"]["dealix_is_rejected"] == "yes"
    assert "phone" in rows["row 7"]["dealix_problems"]
    assert rows["row 4"]["dealix_is_rejected"] == "no"
    assert rows["row 4"]["رقم الهوية"] == "[withheld: sensitive]"
    assert rows["line 11"]["dealix_unreadable_line"] == "[withheld: sensitive]"


def test_the_first_rejected_rows_are_shown_without_what_is_sensitive(story):
    shown = {row["place"]: row["text"] for row in story["audit"]["first_rejected"]}
    assert shown["row 7"].startswith("=cmd")
    assert shown["line 11"] == "[withheld: sensitive]"


def test_the_vendors_page_holds_no_row_and_nothing_of_ours(story):
    page = (story["folder"] / "report" / "offer.csv.vendor.html").read_text(encoding="utf-8")
    for text in ("info@", "+9661", "النخبة", "1010101010", "opt-out list", "usable lead", "new and contact"):
        assert text not in page
    assert "رقم الهوية" in page
    assert json.dumps(story["audit"]["overlap"]) not in page


def test_a_list_that_needs_more_memory_gets_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(trial_module, "SPARING_MEMORY", "6MB")
    metadata = check_metadata("vendor", "partner", "partner_referral", risk_level="low")
    file = write_csv(tmp_path / "known.csv", *KNOWN)
    with trial_import(Session(tmp_path / "dealix.duckdb", as_json=True), file, metadata) as trial:
        count = trial.connection.execute("select count(*) from normalised.lead_rows").fetchone()
    assert count == (len(KNOWN) - 1,)
    assert "more memory" in capsys.readouterr().err
