"""prepare, queue, approve, reject: the gate decides, a named person agrees, nothing is doubled."""

import duckdb
import pytest
from desk import ALL, CUSTOMER

READY = {"Beta Hospital", "Gamma Schools", "=Delta Law"}


def companies(items: list[dict]) -> set[str]:
    return {item["company_name"] for item in items}


def test_a_preview_shows_every_verdict_and_queues_nothing(desk):
    shown = desk.answer("prepare", *ALL, "--customer", CUSTOMER)
    by_verdict = {verdict: set() for verdict in ("ready", "needs_review")}
    for item in shown["queueable"]:
        by_verdict[item["verdict"]].add(item["company_name"])
    assert by_verdict == {"ready": READY, "needs_review": {"شركة إيوتا"}}
    assert companies(shown["blocked"]) == {"Zeta Bakery"}
    assert all(item["reasons"] for item in shown["blocked"])
    assert shown["persisted"] is False
    assert desk.answer("queue")["items"] == []
    assert "Fill it with" in desk.run("queue").stdout


def test_preparing_twice_queues_nothing_twice(desk):
    first = desk.answer("prepare", *ALL, "--customer", CUSTOMER, "--persist")
    assert companies(first["queueable"]) == READY | {"شركة إيوتا"}
    again = desk.answer("prepare", *ALL, "--customer", CUSTOMER, "--persist")
    assert again["queueable"] == []
    assert len(desk.events("queued")) == 4


def test_the_filter_comes_before_the_limit(desk):
    every = desk.answer("prepare", *ALL, "--customer", CUSTOMER)["queueable"]
    ranks = [(item["priority"], -item["total_score"]) for item in every]
    assert ranks == sorted(ranks)
    last = every[-1]["priority"]
    chosen = desk.answer("prepare", "--priority", last, "--max-accounts", 1, "--customer", CUSTOMER)[
        "queueable"
    ]
    assert [item["priority"] for item in chosen] == [last]


def test_priorities_without_anything_say_what_others_hold(desk):
    held = desk.answer("prepare", *ALL, "--customer", CUSTOMER)["queueable_by_priority"]
    empty = sorted({"P0", "P1", "P2", "P3"} - set(held))[0]
    text = desk.run("prepare", "--priority", empty, "--customer", CUSTOMER).stdout
    assert f"Nothing new to queue in {empty}" in text
    assert all(f"{priority}: {number}" in text for priority, number in held.items())


@pytest.mark.parametrize("priority", ["", "P9", "high", "P0;P1"])
def test_a_priority_that_does_not_exist_is_status_2(desk, priority):
    desk.answer("prepare", "--priority", priority, status=2)


def test_another_customers_own_list_is_not_offered(desk):
    shown = desk.answer("prepare", *ALL, "--customer", "Somebody Else")
    assert companies(shown["queueable"]) == {"شركة إيوتا"}
    assert any("never recorded as a customer" in note for note in shown["notes"])


def test_an_approval_names_a_person_and_expires(queued):
    queue_id = queued.items()["Beta Hospital"]["queue_id"]
    queued.answer("approve", queue_id, "--by", "Approver")
    queued.answer("approve", queue_id, "--by", "Somebody Else")
    assert queued.lake.sql(
        """
        select actor, expires_at - occurred_at = interval 14 day, length(content_hash)
        from raw.outreach_events where event = 'approved'
        """
    ) == [("Approver", True, 64)]
    item = queued.answer("queue", "--status", "approved")["items"][0]
    assert (item["approved_by"], item["queue_id"]) == ("Approver", queue_id)


def test_each_id_gets_its_own_answer(queued):
    items = queued.items()
    ids = [items["Beta Hospital"]["queue_id"], items["شركة إيوتا"]["queue_id"], "que_unknown"]
    decisions = queued.answer("approve", *ids, "--by", "Approver", status=1)["decisions"]
    assert [decision["is_done"] for decision in decisions] == [True, False, False]
    assert "needs_review" in decisions[1]["text"]
    assert "risk" in decisions[1]["text"]
    assert len(queued.events("approved")) == 1


def test_what_needs_review_is_approved_with_a_reason_and_only_for_those_reasons(queued, tmp_path):
    queue_id = queued.items()["شركة إيوتا"]["queue_id"]
    refused = queued.answer("approve", queue_id, "--by", "Approver", "--reason", " ", status=1)
    assert "needs_review" in refused["decisions"][0]["text"]
    queued.answer("approve", queue_id, "--by", "Approver", "--reason", "asked the vendor")
    assert queued.events("approved") == [(queue_id, "Approver", None, None, "asked the vendor")]
    item = queued.answer("queue", "--status", "approved")["items"][0]
    assert (item["verdict"], item["approval_reason"]) == ("needs_review", "asked the vendor")
    assert "after review: asked the vendor" in item["status_reason"]
    # Another reason to look again comes up: that is not what was approved.
    queued.answer("suppress", "--phone", "0112345602", "--reason", "asked", "--by", "Someone")
    assert queued.items()["شركة إيوتا"]["status"] == "approved"
    with duckdb.connect(str(queued.lake.path)) as connection:
        connection.execute("update graph.contact_identifiers set key_id = 'other' where kind = 'email'")
    assert queued.items()["شركة إيوتا"]["status"] == "queued"
    queued.answer("export", "--out", tmp_path / "a.csv", status=1)


def test_what_is_blocked_is_approved_with_no_reason_at_all(queued):
    queue_id = queued.items()["Beta Hospital"]["queue_id"]
    queued.answer("suppress", "--phone", "0112345602", "--reason", "asked", "--by", "Someone")
    queued.answer("approve", queue_id, "--by", "Approver", "--reason", "the boss said so", status=1)
    assert queued.events("approved") == []


def test_an_opt_out_after_preparing_refuses_the_approval(queued):
    queue_id = queued.items()["Beta Hospital"]["queue_id"]
    reached = queued.answer("suppress", "--phone", "٠١١ ٢٣٤ ٥٦٠٢", "--reason", "asked", "--by", "Someone")[
        "reaches"
    ]
    assert reached == {
        "accounts": 1, "contacts": 1, "queue_items": 1, "exported_items": 0, "exports": 0, "export_files": []
    }  # fmt: skip
    refused = queued.answer("approve", queue_id, "--by", "Approver", status=1)["decisions"][0]
    assert "blocked" in refused["text"]
    assert queued.events("approved") == []
    queued.answer(
        "suppress", "--phone", "0112345602", "--release", "--reason", "a mistake", "--by", "Someone"
    )
    queued.answer("approve", queue_id, "--by", "Approver")


def test_a_rejected_item_cannot_be_approved(queued):
    queue_id = queued.approved("Beta Hospital")["Beta Hospital"]
    queued.answer("reject", queue_id, "--reason", "a competitor", "--by", "Approver")
    queued.answer("reject", queue_id, "--reason", "again", "--by", "Approver")
    assert queued.events("rejected") == [(queue_id, "Approver", None, None, "a competitor")]
    refused = queued.answer("approve", queue_id, "--by", "Approver", status=1)["decisions"][0]
    assert "a competitor" in refused["text"]
    queued.answer("reject", "que_unknown", "--reason", "no", status=1)
    queued.answer("reject", queue_id, "--reason", " ", status=2)


def test_who_did_it_defaults_to_the_operator(queued):
    queued.items()
    assert {event[1] for event in queued.events("queued")} == {"Test Operator"}


def test_the_queue_is_readable(queued):
    queued.approved("Beta Hospital")
    text = queued.run("queue").stdout
    for part in (
        "Beta Hospital",
        "شركة إيوتا",
        "approved by Approver, until",
        "needs_review",
        "1 approved, 3 queued",
    ):
        assert part in text
    assert [item["company_name"] for item in queued.answer("queue", "--customer", "Nobody")["items"]] == []


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "-"])
def test_nobody_cannot_approve(queued, name):
    queue_id = queued.items()["Beta Hospital"]["queue_id"]
    assert queued.run("approve", queue_id, "--by", name).exit_code == 2
    assert queued.events("approved") == []
