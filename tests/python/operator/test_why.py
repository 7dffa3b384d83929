"""why, report, doctor: every question gets the rules, the rows and the dates behind the answer."""

import duckdb
import pytest
from desk import CUSTOMER


@pytest.mark.parametrize(
    "subject",
    [
        "sales@beta-desk.sa",
        "SALES@Beta-Desk.SA",
        "٠١١٢٣٤٥٦٠٢",
        "00966 11 234 5602",
        "https://www.beta-desk.sa/about",
        "Beta Hospital",
        "beta hosp",
    ],
)
def test_a_subject_is_found_in_any_spelling(desk, subject):
    found = desk.answer("why", subject)
    assert [account["company_name"] for account in found["accounts"]] == ["Beta Hospital"]
    assert found["is_ready"] is True


def test_a_subject_is_found_by_each_of_its_ids(queued):
    queue_id = queued.items()["Beta Hospital"]["queue_id"]
    account_id, contact_id, row = queued.lake.sql(
        """
        select account_id, contact_id, import_id || ':' || row_number
        from graph.contacts
        inner join normalised.lead_rows using (account_id)
        where contacts.email = 'sales@beta-desk.sa'
        """
    )[0]
    for subject in (queue_id, account_id, contact_id, row):
        assert queued.answer("why", subject)["accounts"][0]["account_id"] == account_id


def test_a_no_names_rule_law_evidence_and_row(desk):
    text = desk.run("why", "info@iota-desk.sa").stdout
    for part in ("شركة إيوتا", "NEEDS_REVIEW", "high_risk", "vendor, paid.csv, row 1, imported"):
        assert part in text
    answer = desk.answer("why", "info@iota-desk.sa", status=1)
    rules = answer["accounts"][0]["contacts"][0]["channels"][0]["rules"]
    assert all(rule["title"] and rule["verdict"] and rule["source"] for rule in rules)


def test_an_opt_out_is_explained_with_who_and_when(desk):
    desk.answer("suppress", "--phone", "0112345602", "--reason", "asked on the phone", "--by", "Someone")
    answer = desk.answer("why", "sales@beta-desk.sa", status=1)
    channel = answer["accounts"][0]["contacts"][0]["channels"][0]
    assert channel["verdict"] == "blocked"
    assert "OPTED OUT" in desk.run("why", "+966112345602").stdout
    opt_out = desk.answer("why", "+966112345602", status=1)["opt_outs"][0]
    assert (opt_out["actor"], opt_out["reason"]) == ("Someone", "asked on the phone")


def test_an_arabic_name_is_found_in_another_spelling(desk):
    for name in ("شركة إيوتا", "شركه ايوتا", "إيـوتا"):
        found = desk.answer("why", name, status=1)
        assert [account["company_name"] for account in found["accounts"]] == ["شركة إيوتا"]


def test_the_certificate_tells_history_approvals_exports_and_policy(queued, tmp_path):
    queued.approved("Beta Hospital")
    queued.answer("export", "--out", tmp_path / "out.csv", "--recipient", "Sara", "--by", "Sender")
    queued.answer("suppress", "--phone", "0112345602", "--reason", "asked once", "--by", "Someone")
    queued.answer("release", "--phone", "0112345602", "--reason", "a mistake", "--by", "Somebody")
    queued.answer(
        "consent", "--notified", "--email", "sales@beta-desk.sa", "--means", "mail", "--evidence", "m1"
    )
    queued.answer("suppress", "--domain", "beta-desk.sa", "--reason", "asked again", "--by", "Someone")
    form = tmp_path / "form.html"
    answer = queued.answer("why", "sales@beta-desk.sa", "--form", form, status=1)
    assert [(entry["register"], entry["event"], entry["detail"]) for entry in answer["history"]] == [
        ("suppression", "opt_out", "asked once"),
        ("suppression", "release", "a mistake"),
        ("consent", "notified", "mail, m1"),
        ("suppression", "opt_out", "asked again"),
    ]
    assert answer["policy_version"].startswith("policy_") and answer["checked_at"]
    item = answer["accounts"][0]["queue_items"][0]
    assert [(event["event"], event["actor"]) for event in item["events"]] == [
        ("queued", "Test Operator"),
        ("approved", "Approver"),
        ("export_started", "Sender"),
        ("exported", "Sender"),
    ]
    rule = answer["accounts"][0]["contacts"][0]["channels"][0]["rules"][0]
    assert rule["rule_id"] == "suppressed_account" and rule["title_ar"]
    assert "LAW 5(2)" in rule["source_article"] and rule["source_ref"].startswith("sup_")
    text = queued.run("why", "sales@beta-desk.sa").stdout
    for part in ("a mistake", "exported by Sender", answer["policy_version"]):
        assert part in text
    page = form.read_text(encoding="utf-8")
    for part in (
        "Beta Hospital",
        "suppressed_account",
        "LAW 5(2)",
        "asked again",
        "Approver",
        "Sara",
        "الشركة",
    ):
        assert part in page
    assert "<script" not in page and "http" not in page
    assert form.stat().st_mode & 0o777 == 0o600
    queued.answer("why", "sales@beta-desk.sa", "--form", form, status=2)


def test_a_name_from_a_list_cannot_write_into_the_form(desk, tmp_path):
    with duckdb.connect(str(desk.lake.path)) as connection:
        connection.execute(
            "update graph.accounts set company_name = '<script>x</script>' where company_name = 'Beta Hospital'"
        )
    desk.answer("why", "sales@beta-desk.sa", "--form", tmp_path / "form.html")
    assert "<script>" not in (tmp_path / "form.html").read_text(encoding="utf-8")


def test_an_opt_out_is_found_even_when_no_list_has_it(desk):
    desk.answer("suppress", "--email", "never@listed-desk.sa", "--reason", "asked", "--by", "Someone")
    answer = desk.answer("why", "NEVER@listed-desk.sa", status=1)
    assert answer["accounts"] == []
    assert len(answer["opt_outs"]) == 1


def test_a_number_without_country_code_is_found_in_another_state(desk, tmp_path):
    desk.answer("suppress", "--phone", "+971501239999", "--reason", "asked", "--by", "Someone")
    assert len(desk.answer("why", "050 123 9999", status=1)["opt_outs"]) == 1
    # Somebody may hold a list of local numbers; who opted out anywhere is recalled.
    held = tmp_path / "held.csv"
    held.write_text("Phone\n050 123 9999\n050 123 9998\n", encoding="utf-8")
    checked = desk.answer("recall-check", held, status=1)["checked"]
    assert [row["is_recalled"] for row in checked] == [True, False]
    # At home it is somebody: nobody else is told about.
    desk.answer("suppress", "--phone", "+966501239999", "--reason", "asked", "--by", "Someone")
    (opt_out,) = desk.answer("why", "050 123 9999", status=1)["opt_outs"]
    assert opt_out["masked_display"].startswith("+966")


def test_an_unknown_or_unclear_subject_is_a_no(desk):
    assert "Nothing is known" in desk.answer("why", "nobody@nowhere-desk.sa", status=1)["error"]
    assert "by its id" in desk.answer("why", "a", status=1)["error"]
    desk.answer("why", " ", status=2)


def test_the_report_adds_up(desk):
    document = desk.answer("report")
    by_source = {row["source_name"]: row for row in document["imports"]}
    assert (by_source["own list"]["rows_accepted"], by_source["vendor"]["rows_accepted"]) == (4, 1)
    steps = {step["step"]: step["count"] for step in document["funnel"]}
    assert (steps["rows"], steps["accepted"], steps["accounts"]) == (5, 5, 5)
    one = desk.answer("report", by_source["vendor"]["import_id"])["imports"]
    assert [row["source_name"] for row in one] == ["vendor"]
    text = desk.run("report").stdout
    assert f"own list (owned) for {CUSTOMER}" in text
    desk.answer("report", "imp_unknown", status=2)


def test_a_healthy_warehouse_has_a_clean_bill(desk):
    answer = desk.answer("doctor")
    assert answer["healthy"] is True
    assert {check["status"] for check in answer["checks"]} == {"ok"}, answer["checks"]


def test_a_lost_key_is_a_problem_with_its_remedy(desk):
    desk.lake.path.with_suffix(".key").unlink()
    problems = [check for check in desk.answer("doctor", status=1)["checks"] if check["status"] == "problem"]
    assert [check["name"] for check in problems] == ["key"]
    assert "backup" in problems[0]["finding"]


def test_a_file_that_is_no_warehouse_is_a_problem(desk):
    desk.lake.path.write_text("not a database")
    assert desk.answer("doctor", status=1)["healthy"] is False
    assert "cannot be opened" in desk.answer("queue", status=3)["error"]
