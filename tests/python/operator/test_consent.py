"""Scopes, releases, consent, notices and outcomes: each an event, each in force at the next read."""

import pytest
from desk import ALL, CUSTOMER, Desk, desk_at
from lake import write_csv

ASKED = ("--reason", "asked", "--by", "Someone")
PROOF = ("--means", "web form", "--evidence", "form 17")


def verdicts(desk: Desk, company: str) -> dict[str, str]:
    """The company's verdicts by channel."""
    return dict(
        desk.lake.sql(
            "select channel, verdict from compliance.live_verdicts"
            " inner join graph.accounts using (account_id) where company_name = ?",
            [company],
        )
    )


def test_a_preview_records_nothing_and_tells_what_it_would_reach(queued, tmp_path):
    queued.approved("Beta Hospital")
    queued.answer("export", "--out", tmp_path / "out.csv", "--by", "Sender")
    shown = queued.answer("suppress", "--domain", "beta-desk.sa", "--preview", *ASKED)
    assert shown["is_preview"] is True
    assert shown["reaches"] == {
        "accounts": 1,
        "contacts": 1,
        "queue_items": 1,
        "exported_items": 1,
        "exports": 1,
        "export_files": [str(tmp_path / "out.csv")],
    }
    assert queued.lake.value("select count(*) from raw.suppression_events") == 0
    assert verdicts(queued, "Beta Hospital")["phone_task"] == "ready"
    text = queued.run("suppress", "--domain", "beta-desk.sa", "--preview", *ASKED).stdout
    assert "Would be suppressed" in text and "out.csv" in text


def test_a_person_at_the_terminal_is_asked_before_a_domain_or_a_file(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("python_jobs.suppress.someone_can_be_asked", lambda: True)
    answers = iter([False, True])
    monkeypatch.setattr("click.confirm", lambda *question, **options: next(answers))
    assert desk.run("suppress", "--domain", "beta-desk.sa", *ASKED).exit_code == 1
    assert desk.lake.value("select count(*) from raw.suppression_events") == 0
    file = write_csv(tmp_path / "list.csv", "kind,value", "email,sales@beta-desk.sa")
    shown = desk.run("suppress", "--from-file", file, *ASKED)
    assert shown.exit_code == 0 and "It would reach 1 accounts" in shown.stderr
    # One value is not asked about: a person's opt-out must not wait for an answer.
    assert desk.run("suppress", "--phone", "0112345603", *ASKED).exit_code == 0
    assert desk.lake.value("select count(*) from raw.suppression_events") == 2


def test_one_channel_is_closed_and_the_other_stays_open(desk):
    desk.answer("suppress", "--email", "sales@beta-desk.sa", "--channel", "email_warm", *ASKED)
    assert verdicts(desk, "Beta Hospital") == {"email_warm": "blocked", "phone_task": "ready"}
    assert desk.run("suppress", "--email", "a@b.sa", "--channel", "fax", *ASKED).exit_code == 2
    # The release of one scope is not the release of another, and does not say that it were.
    released = ("release", "--email", "sales@beta-desk.sa", "--channel", "phone_task", *ASKED)
    assert "email_warm" in desk.answer(*released, status=1)["error"]
    assert verdicts(desk, "Beta Hospital")["email_warm"] == "blocked"
    desk.answer("suppress", "--phone", "0112345602", *ASKED)
    of_all = ("release", "--phone", "0112345602", "--customer", CUSTOMER, *ASKED)
    assert "in: all" in desk.answer(*of_all, status=1)["error"]
    desk.answer("release", "--phone", "0112345602", *ASKED)
    desk.answer("release", "--email", "sales@beta-desk.sa", *ASKED)
    assert verdicts(desk, "Beta Hospital")["email_warm"] == "ready"


def test_one_customer_may_not_and_another_may(queued):
    queue_id = queued.items()["Beta Hospital"]["queue_id"]
    queued.answer("approve", queue_id, "--by", "Approver")
    other = "Customer Two"
    queued.answer("suppress", "--phone", "0112345602", "--customer", "  Customer   One ", *ASKED)
    item = queued.items()["Beta Hospital"]
    assert (item["status"], item["verdict"]) == ("blocked", "blocked")
    assert CUSTOMER in queued.lake.value("select customer from compliance.customer_opt_outs")
    assert verdicts(queued, "Beta Hospital")["phone_task"] == "ready"
    assert queued.lake.value("select count(*) from outreach.outreach_exportable") == 0
    shown = queued.answer("prepare", *ALL, "--customer", CUSTOMER)
    assert "Beta Hospital" not in {found["company_name"] for found in shown["queueable"]}
    queued.answer("suppress", "--domain", "iota-desk.sa", "--customer", other, *ASKED)
    shown = queued.answer("prepare", *ALL, "--customer", other)
    assert {found["company_name"] for found in shown["queueable"]} == set()
    queued.answer("release", "--phone", "0112345602", "--customer", CUSTOMER, *ASKED)
    assert queued.items()["Beta Hospital"]["status"] == "approved"


@pytest.mark.parametrize("spelling", ["customer  one", "CUSTOMER ONE ", "\u200fCustomer\u00a0One"])
def test_a_customer_is_the_same_in_any_spelling(queued, spelling):
    shown = queued.answer("suppress", "--phone", "0112345602", "--customer", spelling, *ASKED)
    assert (shown["scope"], shown["notes"]) == (f"customer:{CUSTOMER}", [])
    assert queued.items()["Beta Hospital"]["status"] == "blocked"
    prepared = queued.answer("prepare", *ALL, "--customer", spelling, "--persist")
    assert (prepared["customer"], prepared["queueable"]) == (CUSTOMER, [])
    assert queued.answer("queue", "--customer", spelling)["items"]
    told = queued.answer("customer", "add", spelling, "--onboarded-on", "2020-01-02")
    assert (told["customer"], told["onboarded_on_before"]) == (CUSTOMER, "2020-01-01")
    queued.answer("prepare", "--customer", " ", status=2)


def test_the_latest_day_of_a_customer_counts_and_is_told(tmp_path, monkeypatch):
    empty = desk_at(tmp_path, monkeypatch)
    empty.answer("customer", "add", "Acme", "--onboarded-on", "2036-01-01")
    shown = empty.run("customer", "add", "Acme", "--onboarded-on", "2020-01-01").stdout
    assert "2036-01-01 was recorded before, and the latest day counts" in shown
    empty.answer("customer", "add", "--onboarded-on", "2020-01-01", status=2)
    assert empty.lake.sql("select distinct customer from raw.customers") == [("Acme",)]


def test_a_scope_reaches_its_own_items_only_and_an_unknown_customer_is_told(queued, tmp_path):
    phone = ("suppress", "--phone", "0112345602", "--preview", *ASKED)
    reached = {
        scope: queued.answer(*phone, *scope)["reaches"]["queue_items"]
        for scope in [
            (), ("--customer", CUSTOMER), ("--customer", "Custom One"), ("--channel", "phone_task"),
        ]
    }  # fmt: skip
    assert list(reached.values()) == [1, 1, 0, 0]
    text = queued.run(*phone, "--customer", "Custom One").stdout
    assert "no customer 'Custom One' yet" in text and CUSTOMER in text
    # Named by an opt-out only, it still is nobody's customer, and its name stays.
    queued.answer("suppress", "--phone", "0112345602", "--customer", "Custom One", *ASKED)
    shown = queued.answer("suppress", "--email", "a@b.sa", "--customer", "custom one", *ASKED)
    assert shown["scope"] == "customer:Custom One" and shown["notes"]
    file = write_csv(tmp_path / "own.csv", "Company Name,Email", "Eta Motors,info@eta-desk.sa")
    queued.lake.import_list(file, "another list", "--customer", "CUSTOMER  ONE")
    customers = "select distinct customer from raw.raw_lead_imports where customer is not null"
    assert queued.lake.sql(customers) == [(CUSTOMER,)]


def test_what_was_never_suppressed_cannot_be_released(desk):
    desk.answer("release", "--phone", "0112345602", *ASKED, status=1)
    assert desk.run("release", *ASKED).exit_code == 2


@pytest.mark.parametrize("number", range(2))
def test_a_subdomain_of_a_suppressed_domain_is_suppressed(desk, number):
    written = ("https://shop.beta-desk.sa/x", "beta-desk.sa")[number]
    desk.answer("suppress", "--domain", written, *ASKED)
    assert set(verdicts(desk, "Beta Hospital").values()) == {"blocked"}


def test_a_withdrawal_counts_at_once_and_a_notice_is_none(desk):
    desk.answer("consent", "--notified", "--email", "sales@beta-desk.sa", *PROOF)
    assert verdicts(desk, "Beta Hospital")["email_warm"] == "ready"
    desk.answer("consent", "--withdrawn", "--email", "Sales@BETA-desk.sa", "--by", "Someone")
    assert verdicts(desk, "Beta Hospital") == {"email_warm": "blocked", "phone_task": "blocked"}
    desk.answer("consent", "--given", "--email", "sales@beta-desk.sa", *PROOF)
    assert verdicts(desk, "Beta Hospital")["email_warm"] == "ready"
    assert desk.lake.sql(
        "select event, masked_display, means, evidence from raw.consent_events order by occurred_at"
    ) == [
        ("notified", "s***@beta-desk.sa", "web form", "form 17"),
        ("withdrawn", "s***@beta-desk.sa", "not said", "not said"),
        ("given", "s***@beta-desk.sa", "web form", "form 17"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--email", "a@acme.sa"),
        ("--given", "--email", "a@acme.sa"),
        ("--given", "--email", "a@acme.sa", "--means", "call"),
        ("--given", *PROOF),
        ("--given", "--email", "a@acme.sa", "--phone", "0501234567", *PROOF),
        ("--withdrawn", "--phone", "12"),
        ("--given", "--withdrawn", "--email", "a@acme.sa", *PROOF),
        ("--withdrawn", "--email", "a@acme.sa", "--purpose", " "),
    ],
    ids=" ".join,
)
def test_a_consent_that_nobody_could_prove_is_status_2(desk, arguments):
    desk.answer("consent", *arguments, "--by", "Someone", status=2)
    assert desk.lake.value("select count(*) from raw.consent_events") == 0


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("--replied", {"email_warm": "ready", "phone_task": "ready"}),
        ("--bounced", {"email_warm": "blocked", "phone_task": "ready"}),
        ("--opted-out", {"email_warm": "blocked", "phone_task": "blocked"}),
    ],
)
def test_what_came_back_feeds_the_opt_out_list(queued, tmp_path, outcome, expected):
    queue_id = queued.approved("Beta Hospital")["Beta Hospital"]
    queued.answer("outcome", queue_id, outcome, status=1)
    queued.answer("export", "--out", tmp_path / "out.csv", "--by", "Sender")
    queued.answer("outcome", queue_id, outcome, "--note", "on Monday", "--by", "Sara")
    assert verdicts(queued, "Beta Hospital") == expected
    assert queued.events("outcome") == [(queue_id, "Sara", None, "on Monday", outcome[2:].replace("-", "_"))]
    landed = queued.lake.value("select count(*) from raw.suppression_events")
    assert landed == {"--replied": 0, "--bounced": 1, "--opted-out": 2}[outcome]
    queued.answer("outcome", queue_id, status=2)
    queued.answer("outcome", "que_unknown", outcome, status=1)
