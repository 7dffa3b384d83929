"""What people decided stays with its contact when companies become one, and when they are two again."""

import json

from click.testing import CliRunner

from python_jobs.cli import main

BY = ("--by", "Officer")


def call(*arguments: object) -> dict:
    done = CliRunner().invoke(main, [*map(str, arguments), "--json"])
    assert done.exit_code == 0, f"{arguments}: {done.output}\n{done.exception!r}"
    return json.loads(done.stdout)


def items() -> dict[str, dict]:
    """The queue by mailbox: the companies' names change in a merge."""
    return {item["email"]: item for item in call("queue")["items"]}


def test_approvals_exports_and_opt_outs_follow_a_merge_and_its_end(workplace):
    lake, files = workplace
    mails = {
        company: f"{mailbox}@{company}-gate-test.sa"
        for company, mailbox in {
            "alpha": "info", "beta": "sales", "gamma": "office", "delta": "contact", "eta": "info",
            "theta": "info",
        }.items()
    }  # fmt: skip
    accounts = dict(
        lake.sql("select value, account_id from graph.contact_identifiers where kind = 'email'"),
    )
    first = {company: accounts[mail] for company, mail in mails.items()}
    call("prepare", "--priority", "P0,P1,P2,P3", "--persist", *BY)
    ids = {company: items()[mail]["queue_id"] for company, mail in mails.items()}
    call("approve", ids["gamma"], *BY)
    call("export", "--out", files / "first.csv", *BY)
    call("approve", ids["beta"], ids["alpha"], ids["eta"], *BY)
    call("suppress", "--account", first["delta"], "--reason", "asked", *BY)
    call("suppress", "--phone", "+966112345707", "--reason", "asked", *BY)

    # Alpha takes the opt-out of Delta's account, Eta that of Theta's number, Beta what Gamma was told.
    pairs = [("alpha", "delta"), ("beta", "gamma"), ("eta", "theta")]
    for pair in pairs:
        call("match", *(first[company] for company in pair), "--same", *BY)
    call("run")
    merged = dict(lake.sql("select value, account_id from graph.contact_identifiers where kind = 'email'"))
    assert all(merged[mails[left]] == merged[mails[right]] for left, right in pairs)
    queue = items()
    assert {company: queue[mail]["queue_id"] for company, mail in mails.items()} == ids
    assert queue[mails["gamma"]]["status"] == "exported"
    assert (queue[mails["beta"]]["status"], queue[mails["beta"]]["approved_by"]) == ("approved", "Officer")
    for company in ("alpha", "delta"):
        assert queue[mails[company]]["status"] == "blocked"
        assert "suppressed_account" in queue[mails[company]]["rule_ids"]
    assert queue[mails["theta"]]["rule_ids"] == ["suppressed_contact"]
    # A company's own number said no: its other contact points need another look, and another approval.
    assert queue[mails["eta"]]["rule_ids"] == ["person_of_account_opted_out"]
    assert queue[mails["eta"]]["status"] == "queued"
    exportable = lake.sql("select email from outreach.outreach_exportable")
    assert exportable == [(mails["beta"],)]
    reached = json.loads(CliRunner().invoke(main, ["why", first["gamma"], "--json"]).stdout)
    assert mails["gamma"] in json.dumps(reached, ensure_ascii=False)

    for pair in pairs:
        call("match", *(first[company] for company in pair), "--different", *BY)
    call("run")
    parted = dict(lake.sql("select value, account_id from graph.contact_identifiers where kind = 'email'"))
    assert {company: parted[mail] for company, mail in mails.items()} == first
    queue = items()
    statuses = {company: queue[mail]["status"] for company, mail in mails.items()}
    assert statuses == {
        "alpha": "approved",
        "beta": "approved",
        "gamma": "exported",
        "delta": "blocked",
        "eta": "approved",
        "theta": "blocked",
    }
    call("export", "--out", files / "second.csv", *BY)
    rows = (files / "second.csv").read_text(encoding="utf-8-sig")
    assert all((mails[company] in rows) == (statuses[company] == "approved") for company in mails)
