"""dealix withdraw: what depends on an import is shown, then blocked at once, and gone with the next build."""

import pytest
from desk import ALL, CUSTOMER, Desk
from lake import write_csv

from python_jobs import withdraw_import

# Knows one company of the own list, and one of its own that opted out.
EARLY_LIST = (
    "Company Name,Phone,Email,Website,City,Industry,Opt Out",
    "Beta Hospital,0112345602,sales@beta-desk.sa,beta-desk.sa,Riyadh,Hospital,",
    "Theta Clinics,0112345608,info@theta-desk.sa,theta-desk.sa,Riyadh,Dental clinic,yes",
)


def import_of(desk: Desk, source_name: str) -> str:
    return desk.lake.value("select import_id from raw.raw_lead_imports where source_name = ?", [source_name])


def withdraw(desk: Desk, import_id: str, *more: str, status: int = 0) -> dict:
    return desk.answer(
        "withdraw", import_id, "--reason", "the vendor called it back", "--by", "Someone", *more,
        status=status,
    )  # fmt: skip


def withdrawals(desk: Desk) -> list[tuple]:
    return desk.lake.sql("select import_id, event, reason, actor from raw.import_events")


def test_what_depends_on_it_is_shown_and_blocked_at_once(queued, tmp_path):
    queued.approved("Beta Hospital", "Gamma Schools")
    queued.answer("export", *ALL, "--max", "1", "--out", tmp_path / "out.csv")
    own = import_of(queued, "own list")
    rows = queued.lake.value("select count(*) from raw.raw_lead_rows")
    answer = withdraw(queued, own, "--yes")
    reach = answer["reach"]
    assert answer["status"] == "withdrawn"
    assert (reach["accounts"], reach["accounts_lost"], reach["contacts"], reach["rows_opted_out"]) == (
        4, 4, 4, 1,
    )  # fmt: skip
    assert (reach["items_queued"], reach["items_approved"], reach["items_exported"]) == (1, 1, 1)
    assert (reach["exports"], reach["export_files"]) == (1, str(tmp_path / "out.csv"))

    assert withdrawals(queued) == [(own, "withdrawn", "the vendor called it back", "Someone")]
    assert queued.lake.value("select count(*) from raw.raw_lead_rows") == rows
    items = queued.items()
    assert {items["Gamma Schools"]["verdict"], items["=Delta Law"]["verdict"]} == {"blocked"}
    assert "import_withdrawn_after_build" in items["Gamma Schools"]["rule_ids"]
    refused = queued.answer("export", *ALL, "--out", tmp_path / "more.csv", status=1)
    assert "withdrawal of an import" in refused["error"]
    shown = next(row for row in queued.answer("report")["imports"] if row["import_id"] == own)
    assert shown["is_withdrawn"] is True


def test_twice_says_so(desk):
    own = import_of(desk, "own list")
    withdraw(desk, own, "--yes")
    again = withdraw(desk, own)
    assert (again["status"], again["withdrawal"]["actor"]) == ("already_withdrawn", "Someone")
    assert "was withdrawn on" in desk.run("withdraw", own, "--reason", "again").output
    assert len(withdrawals(desk)) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("imp_unknown", "--reason", "r", "--yes"), "no import imp_unknown"),
        (("own list", "--reason", " ", "--yes"), "needs a reason"),
        (("own list", "--reason", "r"), "say --yes"),
        (("own list", "--reason", "r", "--json"), "say --yes"),
    ],
)
def test_wrong_use_changes_nothing(desk, arguments, words):
    own = import_of(desk, "own list")
    refused = desk.run("withdraw", *(own if part == "own list" else part for part in arguments))
    assert refused.exit_code == 2
    assert words in refused.output
    assert withdrawals(desk) == []


@pytest.mark.parametrize(("said", "status"), [("y", 0), ("n", 1), ("", 1)])
def test_a_person_is_asked_after_the_preview(desk, monkeypatch, said, status):
    own = import_of(desk, "own list")
    asked = []

    def confirm(text, **_):
        asked.append(text)
        return said == "y"

    monkeypatch.setattr(withdraw_import, "someone_can_be_asked", lambda: True)
    monkeypatch.setattr(withdraw_import.click, "confirm", confirm)
    done = desk.run("withdraw", own, "--reason", "r")
    assert done.exit_code == status
    assert asked == ["Withdraw it?"]
    assert "4 have rows of it, 4 of them nothing else" in done.output
    assert "dealix suppress" in done.output, "an opt-out that would end with the list is told"
    assert len(withdrawals(desk)) == (status == 0)


def test_before_the_first_build_nothing_depends_on_it(tmp_path, monkeypatch):
    from conftest import desk_at

    folder = tmp_path / "lake"
    folder.mkdir()
    desk = desk_at(folder, monkeypatch)
    landed = desk.lake.import_list(write_csv(tmp_path / "early.csv", *EARLY_LIST), "early list")
    answer = withdraw(desk, landed["import_id"], "--yes")
    assert (answer["status"], answer["reach"]) == ("withdrawn", None)


def test_the_next_build_is_as_if_it_had_never_been_imported(built_lake, tmp_path, monkeypatch):
    """And what people said by the old ids reaches the company that remains."""
    from conftest import copy_files, desk_at

    graph_now = (
        "select account_id, company_name, consent_status, risk_level, allowed_use, source_count"
        " from graph.accounts order by account_id"
    )
    never = built_lake.sql(graph_now)
    folder = tmp_path / "kept"
    copy_files(built_lake.folder, folder)
    desk = desk_at(built_lake.folder, monkeypatch)
    try:
        own, vendor = import_of(desk, "own list"), import_of(desk, "vendor")
        # A second vendor's list with its own unknown consent makes Beta Hospital stricter ...
        late = desk.lake.import_list(
            write_csv(tmp_path / "late.csv", *EARLY_LIST), "early list",
            "--source-type", "public", "--allowed-use", "public_business_contact",
            "--consent-status", "", "--risk-level", "high",
        )["import_id"]  # fmt: skip
        desk.lake.dealix("run")
        terms = "select consent_status, risk_level from graph.accounts where company_name = 'Beta Hospital'"
        assert desk.lake.sql(terms) == [("unknown", "high")]
        beta = desk.lake.value("select account_id from graph.accounts where company_name = 'Beta Hospital'")
        desk.answer("prepare", *ALL, "--customer", CUSTOMER, "--persist")
        # ... until it is withdrawn.
        withdraw(desk, late, "--yes")
        desk.lake.dealix("run")
        assert desk.lake.sql(graph_now) == never
        assert desk.lake.sql(terms) == [("owned", "low")]

        # The list that named the account goes, the other one knows the company as well.
        second = desk.lake.import_list(write_csv(tmp_path / "second.csv", *EARLY_LIST[:2]), "second list")[
            "import_id"
        ]
        withdraw(desk, own, "--yes")
        desk.lake.dealix("run")
        now = desk.lake.value("select account_id from graph.accounts where company_name = 'Beta Hospital'")
        assert now != beta
        assert desk.lake.sql("select account_id from graph.account_aliases where alias_id = ?", [beta]) == [
            (now,)
        ]
        items = desk.items()
        assert items["Beta Hospital"]["account_id"] == now, "the queue knows its company"
        assert items["Beta Hospital"]["verdict"] == "ready"
        desk.answer("suppress", "--account", beta, "--reason", "asked")
        assert desk.items()["Beta Hospital"]["verdict"] == "blocked"
        assert {second, vendor} == {
            row[0] for row in desk.lake.sql("select import_id from reporting.import_reach where accounts > 0")
        }
    finally:
        copy_files(folder, built_lake.folder)
