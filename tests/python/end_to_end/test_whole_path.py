"""audit -> import -> run -> prepare -> approve -> export, on real files, checked in SQL."""

import csv

import pytest
from lake import Lake, write_csv

ALPHA = "Alpha Dental Clinics"


def ready_companies(lake):
    return {row[0] for row in lake.sql("select company_name from outreach.outreach_ready")}


def test_every_row_is_accounted_for_once(built_lake):
    read, landed, rejected = built_lake.sql(
        "select sum(rows_read), sum(rows_landed), sum(rows_rejected) from raw.raw_lead_imports"
    )[0]
    assert (read, landed, rejected) == (12, 12, 0)
    assert dict(built_lake.sql("select row_status, count(*) from normalised.lead_rows group by 1")) == {
        "accepted": 10,
        "rejected": 2,
    }
    assert built_lake.value("select count(distinct (import_id, row_number)) from normalised.lead_rows") == 12


def test_who_is_ready_and_who_is_not(built_lake):
    verdicts = dict(built_lake.sql("select company_name, verdict from outreach.outreach_candidates"))
    assert verdicts["Beta Hospital"] == "ready"
    assert verdicts["Zeta Bakery"] == "blocked"
    assert verdicts[ALPHA] == "needs_review", "a high-risk list knows this company too: most restrictive wins"
    assert verdicts["شركة إيوتا"] == "needs_review"
    assert verdicts["مؤسسة ثيتا"] == "blocked"
    assert not built_lake.sql(
        "select 1 from outreach.outreach_candidates where reasons is null and verdict <> 'ready'"
    )


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--phone", "٠١١٢٣٤٥٦٠٢"),
        ("--phone", "00966 11 234 5602"),
        ("--phone", "+966 011 234 5602"),
        ("--email", "SALES@BETA-LAKE-TEST.SA"),
        ("--email", "mailto:sales@beta-lake-test.sa"),
        ("--domain", "https://www.beta-lake-test.sa/contact?x=1"),
        ("--domain", "WWW.BETA-LAKE-TEST.SA"),
    ],
)
def test_an_opt_out_in_any_spelling_takes_effect_at_once(lake, option, value):
    assert "Beta Hospital" in ready_companies(lake)
    lake.dealix("suppress", option, value, "--reason", "asked", "--by", "Someone")
    assert "Beta Hospital" not in ready_companies(lake)
    assert (
        lake.value("select verdict from outreach.outreach_candidates where company_name = 'Beta Hospital'")
        == "blocked"
    )


def test_an_opted_out_item_is_gone_from_an_approved_export(lake, tmp_path):
    lake.dealix("prepare", "--customer", "Customer One", "--priority", "P0,P1,P2,P3", "--persist")
    items = {item["company_name"]: item for item in lake.dealix("queue")["items"]}
    chosen = [item["queue_id"] for item in items.values() if item["verdict"] == "ready"]
    assert len(chosen) >= 3
    lake.dealix("approve", *chosen, "--by", "Someone")
    lake.dealix("suppress", "--phone", "0112345602", "--reason", "asked", "--by", "Someone")
    out = tmp_path / "out.csv"
    lake.dealix("export", "--priority", "P0,P1,P2,P3", "--max", "50", "--out", str(out), "--by", "Someone")
    with out.open(encoding="utf-8-sig", newline="") as file:
        exported = {row["queue_id"] for row in csv.DictReader(file)}
    assert exported == set(chosen) - {items["Beta Hospital"]["queue_id"]}
    assert out.read_bytes().startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to show Arabic"
    lake.dealix("export", "--priority", "P0,P1,P2,P3", "--out", str(tmp_path / "again.csv"), status=1)
    assert not (tmp_path / "again.csv").exists()


def test_blocked_and_needs_review_cannot_be_approved(lake):
    lake.dealix("prepare", "--customer", "Customer One", "--priority", "P0,P1,P2,P3", "--persist")
    refused = [item for item in lake.dealix("queue")["items"] if item["verdict"] != "ready"]
    assert refused
    for item in refused:
        lake.dealix("approve", item["queue_id"], "--by", "Someone", status=1)
    assert lake.value("select count(*) from raw.outreach_events where event = 'approved'") == 0


def test_preparing_twice_doubles_nothing(lake):
    prepare = ("prepare", "--customer", "Customer One", "--priority", "P0,P1,P2,P3", "--persist")
    lake.dealix(*prepare)
    count = lake.value("select count(*) from outreach.outreach_queue")
    assert count > 0
    lake.run(*prepare)
    assert lake.value("select count(*) from outreach.outreach_queue") == count


@pytest.mark.parametrize("flags", ["yes,", ",نعم"])
def test_any_opt_out_column_counts_before_the_next_build(lake, tmp_path, flags):
    late = write_csv(
        tmp_path / "late.csv", "Company,Phone,Email Opt Out,Do Not Call", f"Beta,٠١١-٢٣٤-٥٦٠٢,{flags}"
    )
    assert "Beta Hospital" in ready_companies(lake)
    lake.import_list(late, "late list")
    assert "Beta Hospital" not in ready_companies(lake)


def test_a_list_landed_after_the_build_stops_exports_until_the_next_one(lake, tmp_path):
    lake.dealix("prepare", "--customer", "Customer One", "--priority", "P0,P1,P2,P3", "--persist")
    chosen = [item["queue_id"] for item in lake.dealix("queue")["items"] if item["verdict"] == "ready"][:1]
    lake.dealix("approve", *chosen, "--by", "Someone")
    lake.import_list(write_csv(tmp_path / "new.csv", "Company,Phone", "Kappa,0112345699"), "new list")
    lake.dealix("export", "--priority", "P0,P1,P2,P3", "--out", str(tmp_path / "a.csv"), status=1)
    lake.dealix("run")
    lake.dealix("export", "--priority", "P0,P1,P2,P3", "--out", str(tmp_path / "b.csv"))


IDS = {
    "accounts": "select account_id, company_name from graph.accounts order by all",
    "aliases": "select alias_id, account_id from graph.account_aliases order by all",
    "contacts": "select contact_id, account_id from graph.contacts order by all",
}


def test_a_second_build_gives_identical_ids(lake):
    before = {name: lake.sql(query) for name, query in IDS.items()}
    lake.dealix("run")
    assert {name: lake.sql(query) for name, query in IDS.items()} == before


def test_the_same_facts_give_the_same_ids_in_another_warehouse(built_lake, tmp_path):
    other = Lake(tmp_path / "lake")
    other.folder.mkdir()
    lists = built_lake.folder.parent
    other.import_list(lists / "crm.csv", "crm", "--customer", "Customer One")
    other.import_list(
        lists / "paid.csv", "vendor",
        "--source-type", "paid", "--allowed-use", "business_contact_research_only", "--risk-level", "high",
        "--consent-status", "", "--vendor-last-updated", "2026-06-30",
    )  # fmt: skip
    other.dealix("run")
    for query in IDS.values():
        assert other.sql(query) == built_lake.sql(query)
