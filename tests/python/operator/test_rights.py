"""Erasure, access, retention and the replay of a policy: what is taken out is nowhere, byte by byte."""

import json
import re
import zipfile

import duckdb
import pytest
from desk import Desk
from lake import write_csv

from python_jobs.rights.held_values import erase_values
from python_jobs.rights.subject_values import SubjectValues, read_subject

MAIL, MOBILE = "nadia.rights@beta-desk.sa", "+966501234599"
PEOPLE = (
    "Company Name,Contact Name,Email,Mobile,Phone,City,Remarks",
    'Beta Hospital,Nadia Rights,Nadia.RIGHTS@beta-desk.sa,٠٥٠ ١٢٣ ٤٥٩٩,0112345602,Riyadh,"call (050) 123-4599"',
    "Gamma Schools,,office@gamma-desk.sa,,0112345603,Jeddah,ask +966 50 123 4599 first",
    "Theta Optics,,desk@theta-desk.sa,0501234598,,Riyadh,nadia.rightsway@beta-desk.sa is another one",
    "Broken,line,with,too,many,cells,nadia.rights@beta-desk.sa,and,more",
)
ASKED = ("--reason", "asked in writing", "--by", "Officer")


def files_with(desk: Desk, *patterns: bytes) -> list[str]:
    """Files of the warehouse's folder in which one of the patterns stands."""
    return [
        path.name
        for path in desk.lake.folder.rglob("*")
        if path.is_file() and any(re.search(pattern, path.read_bytes()) for pattern in patterns)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "٠٥٠١٢٣٤٥٩٩", "050-123-4599", "00966 50 123 4599", "call (050) 123 4599 now", "501234599.0",
        "Nadia.RIGHTS@beta-desk.sa", "mail nadia.rights@beta-desk.sa.", "<nadia.rights＠beta-desk.sa>",
        "\u202a+966501234599\u202c", "+966 (0)50 123 4599", "0966501234599", "tel:%20501234599", "1: 501234599",
    ],
)  # fmt: skip
def test_a_value_is_seen_in_any_spelling(text):
    assert SubjectValues(phones=(MOBILE,), emails=(MAIL,)).stand_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "0501234598",
        "5012345990",
        "mnadia.rights@beta-desk.sa",
        "nadia.rights@beta-desk.sa.com",
        "",
        "1010501234599",
    ],
)
def test_another_value_is_not_taken_for_it(text):
    assert not SubjectValues(phones=(MOBILE,), emails=(MAIL,)).stand_in(text)


def test_the_end_of_a_longer_number_is_another_number():
    manama = SubjectValues(phones=("+97317123456",))
    assert not any(map(manama.stand_in, ["+966 51 712 3456", "0517123456", "+966517123456"]))
    assert all(map(manama.stand_in, ["+973 17123456", "00973-1712-3456", "17 12 34 56", "97317123456"]))


@pytest.mark.parametrize(
    "cell",
    [
        "ask sara\u200b@xn--mgbh0fb.xn--mgberp4a5d4ar",
        "ｓａｒａ@مثال.السعودية",
        "SARA@مثال.السعودية",
        "０５０１２３４５９９",
    ],
)
def test_a_value_is_found_in_cells_that_nobody_parses(cell):
    subject = SubjectValues(phones=(MOBILE,), emails=("sara@xn--mgbh0fb.xn--mgberp4a5d4ar",))
    with duckdb.connect() as connection:
        connection.execute("create schema raw; create table raw.cells (payload json)")
        connection.execute(
            "insert into raw.cells values (?)", [json.dumps({"notes": cell}, ensure_ascii=False)]
        )
        assert erase_values(connection, subject) == {"raw.cells": 1}
        assert connection.execute("from raw.cells").fetchone() == ('{"notes":"[erased]"}',)


def test_nothing_of_an_erased_person_is_left_in_the_file(queued_where_built, tmp_path):
    desk = queued_where_built
    desk.lake.import_list(write_csv(tmp_path / "people.csv", *PEOPLE), "people")
    with duckdb.connect(str(desk.lake.path)) as connection:
        connection.execute(
            """
            insert into raw.enrichment_results (
                result_id, provider, endpoint, subject, status, payload, actor, fetched_at, expires_at
            )
            values (
                'r1', 'website', 'page', 'beta-desk.sa', 'ok',
                '{"team": ["Nadia, nadia.rights@beta-desk.sa", "office@gamma-desk.sa"], "n": 501234599}',
                'x', '2026-11-01', '2099-01-01'
            )
            """
        )
        connection.execute(
            "update raw.raw_lead_imports set notes = 'from nadia.rights@beta-desk.sa' where source_name = 'people'"
        )
    desk.answer("run")
    held = desk.answer("erase", "0501234599", "--preview", *ASKED)
    cells = held["cells"]
    assert cells["raw.raw_lead_rows"] + cells.get("raw.raw_rejected_lines", 0) == 3
    assert held["cells"]["graph.contacts"] >= 1
    assert desk.answer("erase", "0501234599", *ASKED, status=2)["error"].startswith("Nobody can be asked")
    # Who did it stays on record, so it must not be the person.
    by_themselves = desk.answer("erase", "0501234599", "--yes", "--by", f"<{MAIL.upper()}>", status=2)
    assert "--by" in by_themselves["error"]
    assert desk.lake.sql("from raw.erasure_events") == desk.lake.sql("from raw.rights_requests") == []

    access = tmp_path / "access.json"
    desk.answer("access", MAIL, "--out", access, *ASKED)
    document = json.loads(access.read_text(encoding="utf-8"))
    assert document["known_by"] == {"emails": [MAIL], "phones": [MOBILE], "names": ["Nadia Rights"]}
    assert {"raw.raw_lead_rows", "raw.enrichment_results", "raw.parsed_emails"} <= set(document["held"])
    assert "LAW" in access.read_text(encoding="utf-8") or document["certificate"]["accounts"]
    assert access.stat().st_mode & 0o777 == 0o600

    elsewhere = tmp_path / "dashboards"
    for place in ((), ("--to", elsewhere)):
        desk.answer("publish", *place)
    copies = [desk.lake.folder / "published" / desk.lake.path.name, elsewhere / desk.lake.path.name]
    assert all(MAIL.encode() in copy.read_bytes() for copy in copies)
    (elsewhere / f".{desk.lake.path.name}.publish-killed").mkdir()
    (elsewhere / f".{desk.lake.path.name}.publish-killed" / "half").write_bytes(MAIL.encode())

    workbook = desk.lake.folder / "old.xlsx"
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{MAIL.upper()}</t>" * 9)

    answer = desk.answer("erase", "0501234599", "--yes", *ASKED)
    assert answer["other_files"] == [str(workbook)]
    assert sorted(answer["published_copies"]) == sorted(map(str, copies))
    left = [path for path in elsewhere.rglob("*") if path.is_file()]
    assert left == copies[1:]
    assert not re.search(rb"(?i)nadia\.rights@|501234599|Nadia Rights", left[0].read_bytes())
    assert files_with(desk, rb"(?i)nadia\.rights@", rb"501234599", "٤٥٩٩".encode(), rb"Nadia Rights") == []
    assert (
        desk.lake.value("select count(*) from normalised.lead_rows where email = 'desk@theta-desk.sa'") == 1
    )
    payload = desk.lake.value("select payload from raw.enrichment_results where result_id = 'r1'")
    assert json.loads(payload) == {"team": ["[erased]", "office@gamma-desk.sa"], "n": "[erased]"}
    # The others of the same rows are still there, and the rows are still read.
    assert desk.lake.sql(
        """
        select row_number, row_status from normalised.lead_rows
        inner join raw.raw_lead_imports using (import_id)
        where source_name = 'people' order by row_number
        """
    ) == [(number, "accepted") for number in (1, 2, 3)]
    assert desk.answer("why", "0112345602")["is_ready"]
    assert "nadia.rightsway" in str(desk.lake.sql("select payload from raw.raw_lead_rows"))
    assert desk.lake.value("select is_current from compliance.build_status")
    assert desk.lake.sql(
        "select request_right, event from raw.rights_requests order by request_right, occurred_at"
    ) == [
        ("access", "requested"),
        ("access", "completed"),
        ("erasure", "requested"),
        ("erasure", "completed"),
    ]
    assert desk.lake.sql("from compliance.destruction_requested") == []
    # Whatever is imported later stays blocked: the hash is kept, the value is not.
    assert desk.answer("why", MAIL, status=1)["opt_outs"]
    doctor = {check["name"]: check["status"] for check in desk.answer("doctor")["checks"]}
    assert doctor["rights requests"] == "ok" and doctor["raw tables"] == "ok"


def test_a_request_blocks_at_once_and_is_reported_when_it_is_late(desk):
    assert desk.answer("why", "sales@beta-desk.sa")["is_ready"]
    desk.answer("erase", "sales@beta-desk.sa", "--request-only", *ASKED)
    assert not desk.answer("why", "sales@beta-desk.sa", status=1)["is_ready"]
    assert desk.answer("access", "--overdue")["overdue"] == []
    doctor = {check["name"]: check for check in desk.answer("doctor")["checks"]}
    assert doctor["rights requests"]["status"] == "note"
    with duckdb.connect(str(desk.lake.path)) as connection:
        connection.execute("update raw.rights_requests set occurred_at = occurred_at - interval 31 day")
    late = desk.answer("access", "--overdue", status=1)["overdue"]
    assert len(late) == 1 and "s***@beta-desk.sa" in late[0]["evidence"]
    assert desk.answer("doctor", status=1)["healthy"] is False
    # The same request is not opened twice.
    desk.answer("erase", "sales@beta-desk.sa", "--request-only", *ASKED)
    assert desk.lake.value("select count(*) from raw.rights_requests") == 1


@pytest.mark.parametrize(
    "arguments",
    [("erase", "Beta Hospital", *ASKED), ("access", "Beta Hospital", "--out", "x.json"), ("access",),
     ("access", "sales@beta-desk.sa"), ("erase", "sales@beta-desk.sa", "--reason", " ")],
    ids=" ".join,
)  # fmt: skip
def test_what_names_nobody_is_status_2(desk, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    desk.answer(*arguments, status=2)
    assert list(tmp_path.glob("*.json")) == []


def test_a_subject_is_read_as_the_lists_are():
    assert read_subject("٠٥٠١٢٣٤٥٩٩").phones == (MOBILE,)
    assert read_subject("Nadia.Rights@Beta-Desk.SA").emails == (MAIL,)


def test_a_policy_is_replayed_before_it_counts(queued_where_built, tmp_path):
    desk = queued_where_built
    before = desk.lake.sql("select verdict_id, verdict from compliance.live_verdicts order by all")
    rules = write_csv(tmp_path / "rules.csv", "rule_id,verdict", "high_risk_source,blocked")
    answer = desk.answer("policy-diff", "--with", rules)
    assert answer["rules_changed"] == [
        {"rule_id": "high_risk_source", "before": "needs_review", "after": "blocked"}
    ]
    moved = {(row["company_name"], row["before"], row["after"]) for row in answer["moved"]}
    assert moved == {("شركة إيوتا", "needs_review", "blocked")}
    companies = {(row["before"], row["after"]): row["count"] for row in answer["companies"]}
    assert companies == {("ready", "ready"): 3, ("needs_review", "blocked"): 1, ("blocked", "blocked"): 1}
    assert answer["policy_version"]["before"] != answer["policy_version"]["after"]
    assert desk.lake.sql("select verdict_id, verdict from compliance.live_verdicts order by all") == before
    assert desk.lake.value("select is_current from compliance.build_status")
    for lines in (
        ("rule_id,verdict", "unheard_of,blocked"),
        ("rule_id,verdict", "high_risk_source,maybe"),
        ("a", "b"),
    ):
        desk.answer("policy-diff", "--with", write_csv(tmp_path / "bad.csv", *lines), status=2)


def test_an_expired_answer_is_purged_by_the_next_run_out_of_the_file(queued_where_built):
    desk = queued_where_built
    with duckdb.connect(str(desk.lake.path)) as connection:
        for number, (provider, expires) in enumerate(
            [("google_places", "2026-01-01"), ("google_places", None), ("website", "2026-01-01"), ("website", None),
             ("google_places", "2099-01-01")]
        ):  # fmt: skip
            connection.execute(
                "insert into raw.enrichment_results (result_id, provider, endpoint, subject, status, payload, actor,"
                " fetched_at, expires_at) values (?, ?, 'details', 'ChIJx', 'ok', ?, 'x', ?, ?)",
                [f"r{number}", provider, json.dumps({"name": f"Volatile{number}"}), "2025-12-01", expires],
            )
    answer = desk.answer("run")
    assert answer["answers_purged"] == 3
    kept = desk.lake.sql(
        "select result_id from raw.enrichment_results where payload is not null order by all"
    )
    assert kept == [("r3",), ("r4",)]
    assert files_with(desk, rb"Volatile[012]") == []
    assert desk.lake.sql("from compliance.google_content_kept") == []
    assert desk.lake.value("select is_current from compliance.build_status")
