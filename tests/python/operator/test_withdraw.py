"""dealix withdraw: what depends on an import is shown, then blocked at once, and gone with the next build."""

import pytest
from desk import ALL, Desk, desk_at
from lake import write_csv

from python_jobs import withdraw_import

# Knows one company of the own list, and one of its own.
OTHER_LIST = (
    "Company Name,Phone,Email,Website,City,Industry,Opt Out",
    "Beta Hospital,0112345602,sales@beta-desk.sa,beta-desk.sa,Riyadh,Hospital,",
    "Theta Clinics,0112345608,info@theta-desk.sa,theta-desk.sa,Riyadh,Dental clinic,",
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
    folder = tmp_path / "lake"
    folder.mkdir()
    desk = desk_at(folder, monkeypatch)
    landed = desk.lake.import_list(write_csv(tmp_path / "early.csv", *OTHER_LIST), "early list")
    answer = withdraw(desk, landed["import_id"], "--yes")
    assert (answer["status"], answer["reach"]) == ("withdrawn", None)


def test_the_next_build_is_without_it_and_old_ids_reach_what_remains(queued_where_built, tmp_path):
    """The item, the opt-out: what people recorded by an id that only the withdrawn list gave."""
    desk = queued_where_built
    own, vendor = import_of(desk, "own list"), import_of(desk, "vendor")
    # Another list makes Beta Hospital stricter ...
    strict = desk.lake.import_list(
        write_csv(tmp_path / "strict.csv", *OTHER_LIST), "strict list",
        "--source-type", "public", "--allowed-use", "public_business_contact",
        "--consent-status", "", "--risk-level", "high",
    )["import_id"]  # fmt: skip
    desk.lake.dealix("run")
    beta = "select account_id, consent_status, risk_level from graph.accounts where company_name = 'Beta Hospital'"
    old_id, *terms = desk.lake.sql(beta)[0]
    assert terms == ["unknown", "high"]
    assert desk.items()["Beta Hospital"]["verdict"] == "needs_review"

    # ... until it is withdrawn. So is the list that named the account, which a third one knows.
    third = desk.lake.import_list(write_csv(tmp_path / "third.csv", *OTHER_LIST[:2]), "third list")[
        "import_id"
    ]
    for import_id in (strict, own):
        withdraw(desk, import_id, "--yes")
    built = desk.lake.dealix("run")
    assert (built["mode"], built["mode_reason"]) == ("full", "a list was withdrawn")
    companies = {row[0] for row in desk.lake.sql("select company_name from graph.accounts")}
    assert companies == {"Beta Hospital", "شركة إيوتا"}
    new_id, *terms = desk.lake.sql(beta)[0]
    assert new_id != old_id
    assert terms == ["owned", "low"], "the strictest of what remains"
    assert desk.lake.sql("select account_id from graph.account_aliases where alias_id = ?", [old_id]) == [
        (new_id,)
    ]
    items = desk.items()
    assert (items["Beta Hospital"]["account_id"], items["Beta Hospital"]["verdict"]) == (new_id, "ready")
    assert {item["status"] for name, item in items.items() if name not in companies} == {"blocked"}
    assert "not in the graph any more" in desk.run("queue").output
    assert {third, vendor} == {
        row[0] for row in desk.lake.sql("select import_id from reporting.import_reach where accounts > 0")
    }
    desk.approved("Beta Hospital")
    desk.answer("suppress", "--account", old_id, "--reason", "asked")
    beta_item = desk.items()["Beta Hospital"]
    assert (beta_item["verdict"], beta_item["status"]) == ("blocked", "blocked")
    # A company that is gone may come back with another list: its opt-out is taken.
    gone = desk.lake.value(
        "select row_account_id from identity.accepted_rows inner join normalised.lead_rows"
        " using (import_id, row_number) where company_name = 'Gamma Schools'"
    )
    assert desk.answer("suppress", "--account", gone, "--reason", "asked")["reaches"]["accounts"] == 0


def test_an_answer_to_what_was_withdrawn_since_counts_when_it_comes_back(queued_where_built, tmp_path):
    desk = queued_where_built
    ids = desk.approved("Beta Hospital", "Gamma Schools")
    desk.answer("export", "--out", tmp_path / "out.csv")
    withdraw(desk, import_of(desk, "own list"), "--yes")
    desk.lake.dealix("run")
    said_no = desk.answer("outcome", ids["Beta Hospital"], "--opted-out")
    assert said_no["suppressed"] == ["s***@beta-desk.sa", "+9661*****602"]
    bounced = desk.answer("outcome", ids["Gamma Schools"], "--bounced")
    assert bounced["suppressed"] == ["o***@gamma-desk.sa"]
    # With another company's name, nothing but the mailbox says who it is.
    lines = (
        "Company Name,Email,Phone",
        "Somebody Else,,0112345602",
        "Gamma Schools,office@gamma-desk.sa,0112345603",
    )
    desk.lake.import_list(write_csv(tmp_path / "again.csv", *lines), "again")
    desk.lake.dealix("run")
    assert desk.lake.sql(
        "select company_name, channel, verdict from compliance.live_verdicts"
        " inner join graph.accounts using (account_id) where domain is distinct from 'iota-desk.sa' order by all"
    ) == [
        ("Gamma Schools", "email_warm", "blocked"),
        ("Gamma Schools", "phone_task", "ready"),
        ("Somebody Else", "phone_task", "blocked"),
    ]
