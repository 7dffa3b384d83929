"""What leaves the warehouse: approved, ready, recorded, and whole or not at all."""

import csv
import hashlib
import signal
import subprocess
import sys

import phonenumbers
import pytest
from desk import ALL, CUSTOMER
from lake import write_csv
from openpyxl import load_workbook

from python_jobs.export_outreach_ready import FILE_COLUMNS, dialable, safe_cell

BY = ("--by", "Sender")


def rows(path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+966501234567",
        "-2",
        "@sum",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        " =1",
        "\u200f=1",
        "\ufeff=1",
    ],
)
def test_a_formula_is_never_the_start_of_a_cell(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["Acme", "شركة", "a=b", "1-2", "", "'=1"])
def test_other_text_stays_as_it_is(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize(
    "e164", ["+966501234567", "+966112345602", "+966920001234", "+9668001234567", "+97143334444"]
)
def test_a_phone_is_text_to_a_spreadsheet_and_dialable_to_a_person(e164):
    cell = dialable(e164)
    assert safe_cell(cell) == cell
    assert cell.startswith("(+") and " " in cell
    read = phonenumbers.parse(cell)
    assert phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164) == e164
    assert dialable(None) == ""


def test_the_file_and_its_record(queued, tmp_path):
    ids = queued.approved("Beta Hospital", "=Delta Law")
    out = tmp_path / "today.csv"
    answer = queued.answer("export", "--out", out, "--recipient", "Sara", "--purpose", "calls in May", *BY)
    exported = {row["queue_id"]: row for row in rows(out)}
    assert set(exported) == set(ids.values())
    assert tuple(rows(out)[0]) == FILE_COLUMNS
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert out.stat().st_mode & 0o777 == 0o600
    assert exported[ids["=Delta Law"]]["company"] == "'=Delta Law"
    beta = exported[ids["Beta Hospital"]]
    assert (beta["email"], beta["phone"]) == ("sales@beta-desk.sa", "(+966) 11 234 5602")
    assert (beta["approved_by"], beta["sources"]) == ("Approver", "own list")
    assert beta["message_draft"]
    assert "own list" not in beta["message_draft"]
    assert CUSTOMER in beta["message_draft"] and "free of charge" in beta["message_draft"]
    assert beta["priority"] not in beta["message_draft"]
    account_id = queued.lake.value(
        "select account_id from graph.accounts where company_name = 'Beta Hospital'"
    )
    assert beta["account_link"] == f"http://127.0.0.1:8000/api/v1/data/accounts/{account_id}"
    assert beta["score"].isdigit() and beta["expires_at"] > beta["approved_at"]
    assert beta["allowed_hours"] in ("at any time", "09:00-22:00 Asia/Riyadh")
    assert answer["file_sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    receipt = answer["receipt"]
    assert (receipt["export_id"], receipt["file_sha256"], receipt["exported_by"], receipt["row_count"]) == (
        answer["export_id"], answer["file_sha256"], "Sender", 2,
    )  # fmt: skip
    assert receipt["recipient"] == "Sara" and receipt["exported_at"]
    for event in ("export_started", "exported"):
        assert {tuple(row[1:4]) for row in queued.events(event)} == {("Sender", "Sara", "calls in May")}
    assert sorted(item["status"] for item in queued.answer("queue")["items"]) == [
        "exported",
        "exported",
        "queued",
        "queued",
    ]
    assert queued.answer("export", "--out", tmp_path / "again.csv", status=1)["error"]
    assert not (tmp_path / "again.csv").exists()
    refused = queued.answer("reject", ids["Beta Hospital"], "--reason", "late", status=1)["decisions"][0]
    assert "exported" in refused["text"]


def test_nothing_approved_is_a_no_with_the_reason(desk, tmp_path):
    assert "queue is empty" in desk.answer("export", "--out", tmp_path / "a.csv", status=1)["error"]
    desk.answer("prepare", *ALL, "--customer", CUSTOMER, "--persist")
    assert "4 queued" in desk.answer("export", "--out", tmp_path / "a.csv", status=1)["error"]
    assert list(tmp_path.glob("*.csv")) == []


@pytest.mark.parametrize("name", ["out.xls", "out.txt", "out", "missing/out.csv", "exists.csv", "folder.csv"])
def test_an_unusable_file_name_is_status_2(desk, tmp_path, name):
    (tmp_path / "exists.csv").write_text("mine")
    (tmp_path / "folder.csv").mkdir()
    desk.answer("export", "--out", tmp_path / name, status=2)
    assert (tmp_path / "exists.csv").read_text() == "mine"


def test_force_replaces_a_file(queued, tmp_path):
    queued.approved("Beta Hospital")
    (tmp_path / "exists.csv").write_text("mine")
    queued.answer("export", "--out", tmp_path / "exists.csv", "--force", *BY)
    assert len(rows(tmp_path / "exists.csv")) == 1


def test_the_best_come_first_and_the_rest_stay_approved(queued, tmp_path):
    queued.approved("Beta Hospital", "Gamma Schools")
    best = queued.lake.value(
        "select queue_id from outreach.outreach_exportable order by priority, total_score desc, queue_id"
    )
    queued.answer("export", "--max", 1, "--out", tmp_path / "one.csv", *BY)
    assert [row["queue_id"] for row in rows(tmp_path / "one.csv")] == [best]
    assert len(queued.answer("queue", "--status", "approved")["items"]) == 1


def test_an_opt_out_between_approval_and_export_counts(queued, tmp_path):
    queued.approved("Beta Hospital")
    queued.answer("suppress", "--domain", "https://www.BETA-desk.sa/", "--reason", "asked", "--by", "Someone")
    queued.answer("export", "--out", tmp_path / "a.csv", status=1)


def test_a_file_that_cannot_be_written_leaves_the_items_approved(queued, tmp_path, monkeypatch):
    queued.approved("Beta Hospital")
    monkeypatch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left")))
    refused = queued.answer("export", "--out", tmp_path / "a.csv", status=2)
    assert "No space left" in refused["error"]
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["lake"]
    assert len(queued.events("export_failed")) == 1


KILLED_AT = {
    "before the file": "module._write_file = lambda *arguments: kill()",
    "half a file": "module.os.fsync = lambda descriptor: kill()",
    "before the record": """
append = module.append_events
module.append_events = lambda c, event, *a, **d: kill() if event == "exported" else append(c, event, *a, **d)
""",
}


@pytest.mark.parametrize("moment", KILLED_AT)
def test_a_killed_export_is_settled_by_the_next_one(queued, tmp_path, moment):
    queue_id = queued.approved("Beta Hospital")["Beta Hospital"]
    script = f"""
import os, signal, sys
from python_jobs import export_outreach_ready as module
def kill(): os.kill(os.getpid(), signal.SIGKILL)
{KILLED_AT[moment]}
module.main(["--out", sys.argv[1], "--by", "Sender"])
"""
    killed = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "first.csv")], env=queued.lake.environment, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    left = (tmp_path / "first.csv").exists()
    assert left is (moment == "before the record")
    doctor = {check["name"]: check for check in queued.answer("doctor")["checks"]}
    assert "first.csv" in doctor["exports"]["finding"]

    second = tmp_path / "second.csv"
    if left:
        queued.answer("export", "--out", second, *BY, status=1)
        assert [row[0] for row in queued.events("exported")] == [queue_id]
        assert not second.exists(), "what left once does not leave twice"
    else:
        queued.answer("export", "--out", second, *BY)
        assert [row["queue_id"] for row in rows(second)] == [queue_id]
        assert len(queued.events("export_failed")) == 1
    assert list(tmp_path.glob(".*")) == [], "nobody's contacts lie around in half a file"


def test_a_file_written_while_we_waited_is_not_replaced(queued, tmp_path, monkeypatch):
    queued.approved("Beta Hospital")
    out = tmp_path / "out.csv"

    def other_export_ends(_connection):
        out.write_text("the other export's rows")
        return []

    monkeypatch.setattr("python_jobs.export_outreach_ready.recover_exports", other_export_ends)
    assert queued.run("export", "--out", out, *BY).exit_code == 2
    assert out.read_text() == "the other export's rows"
    assert queued.events("export_started") == []


def test_a_workbook_holds_the_same_as_text(queued, tmp_path):
    ids = queued.approved("Beta Hospital", "=Delta Law")
    out = tmp_path / "today.xlsx"
    answer = queued.answer("export", "--out", out, *BY)
    assert answer["file_sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    header, *lines = load_workbook(out).active.iter_rows(values_only=True)
    assert header == FILE_COLUMNS
    found = {line[0]: dict(zip(header, line, strict=True)) for line in lines}
    assert set(found) == set(ids.values())
    assert found[ids["=Delta Law"]]["company"] == "'=Delta Law"
    assert found[ids["Beta Hospital"]]["phone"] == "(+966) 11 234 5602"
    kinds = {cell.data_type for row in load_workbook(out).active.iter_rows() for cell in row}
    assert "f" not in kinds, "no cell is a formula"
    assert queued.answer("recall-check", out)["rows"] == 2


def test_what_was_exported_leaves_again_only_when_asked(queued, tmp_path):
    queue_id = queued.approved("Beta Hospital")["Beta Hospital"]
    queued.answer("export", "--out", tmp_path / "one.csv", *BY)
    queued.answer("export", "--out", tmp_path / "two.csv", *BY, status=1)
    queued.answer("export", "--out", tmp_path / "two.csv", "--again", *BY)
    assert [row["queue_id"] for row in rows(tmp_path / "two.csv")] == [queue_id]
    assert queued.lake.value("select count(*) from outreach.export_receipts") == 2
    queued.answer("suppress", "--email", "sales@beta-desk.sa", "--reason", "asked")
    queued.answer("export", "--out", tmp_path / "three.csv", "--again", *BY, status=1)
    assert not (tmp_path / "three.csv").exists()


def test_an_export_without_a_purpose_is_refused(queued, tmp_path):
    queued.approved("Beta Hospital")
    queued.answer("export", "--out", tmp_path / "one.csv", "--purpose", " ", *BY, status=2)
    queued.answer("export", "--out", tmp_path / "one.csv", "--recipient", " ", *BY)
    assert [event[2] for event in queued.events("exported")] == ["Sender"]
    assert queued.lake.sql("from outreach.export_not_logged") == []


def test_an_old_file_is_checked_against_the_gate_of_today(queued, tmp_path):
    queued.approved("Beta Hospital", "Gamma Schools", "=Delta Law")
    out = tmp_path / "old.csv"
    queued.answer("export", "--out", out, *BY)
    assert queued.answer("recall-check", out)["recalled"] == 0
    queued.answer("suppress", "--email", "sales@beta-desk.sa", "--reason", "asked", "--by", "Someone")
    queued.answer("suppress", "--domain", "gamma-desk.sa", "--reason", "asked", "--by", "Someone")
    answer = queued.answer("recall-check", out, status=1)
    recalled = {row["company"]: row["reason"] for row in answer["checked"] if row["is_recalled"]}
    assert set(recalled) == {"Beta Hospital", "Gamma Schools"}
    assert "asked" in recalled["Beta Hospital"]
    assert "2 of 3" in queued.run("recall-check", out).stdout
    # A row of ours in which somebody put who opted out; its own number is no news.
    item = queued.items()["=Delta Law"]["queue_id"]
    changed = tmp_path / "changed.csv"
    lines = ("queue_id,email,phone", f"{item},orders@zeta-desk.sa,0112345604", f"{item},,0112345604")
    found = queued.answer("recall-check", write_csv(changed, *lines), status=1)["checked"]
    assert [row["is_recalled"] for row in found] == [True, False]
    # A person's own copy without our ids: email and phone are enough.
    copy = tmp_path / "copy.csv"
    copy.write_text("Phone;Email\n(+966) 11 234 5602;\n;SALES@beta-desk.sa\n0112345604;\n", encoding="utf-8")
    queued.answer("suppress", "--phone", "0112345602", "--reason", "asked", "--by", "Someone")
    found = queued.answer("recall-check", copy, status=1)["checked"]
    assert [row["is_recalled"] for row in found] == [True, True, False]
    # Saved again by a spreadsheet, with a title, other columns first, an Arabic header; another mailbox of
    # who was suppressed by the number; and a row that nobody can check.
    text = "Our list\n\nالشركة\tالبريد الإلكتروني\tالجوال\nB\tsales@beta-desk.sa\t\nD\t\t112345604\nE\t\tx\n"
    copy.write_text(text, encoding="utf-16")
    queued.answer("release", "--email", "sales@beta-desk.sa", "--reason", "x", "--by", "Someone")
    found = queued.answer("recall-check", copy, status=1)["checked"]
    assert [(row["row"], row["is_recalled"]) for row in found] == [(4, True), (5, False), (6, True)]
    assert "suppressed_contact" in found[0]["reason"] and "cannot be checked" in found[2]["reason"]
    copy.write_text("name\nx\n", encoding="utf-8")
    queued.answer("recall-check", copy, status=2)
    queued.answer("recall-check", tmp_path / "missing.csv", status=2)
