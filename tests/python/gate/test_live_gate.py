"""What happens after the build counts at the next read, without a rebuild."""

import duckdb
import pytest
from lake import write_csv

ALL = {
    "Alpha Clinics", "Beta Hospital", "Gamma Schools", "Delta Law", "Eta Salla Shop", "Theta Salla Shop",
}  # fmt: skip


def ready(lake) -> set[str]:
    return {row[0] for row in lake.sql("select company_name from outreach.outreach_ready")}


def candidate(lake, company: str) -> tuple[str, list[str]]:
    return lake.sql(
        "select verdict, rule_ids from outreach.outreach_candidates where company_name = ?", [company]
    )[0]


def test_a_shop_on_a_shared_host_is_suppressed_alone(lake):
    lake.dealix("suppress", "--domain", "https://salla.sa/eta-gate-test/products", "--reason", "asked")
    assert ready(lake) == ALL - {"Eta Salla Shop"}
    lake.dealix(
        "suppress", "--domain", "https://salla.sa/eta-gate-test/products", "--reason", "x", "--release"
    )
    assert ready(lake) == ALL


def test_a_page_of_a_network_is_suppressed_under_any_of_its_hosts(lake):
    lake.dealix("suppress", "--domain", "https://www.facebook.com/Delta.Gate.Test/", "--reason", "asked")
    assert ready(lake) == ALL - {"Delta Law"}


def test_a_suppressed_account_is_blocked_by_any_of_its_ids(lake):
    alias = lake.value(
        """
        select max(alias_id) from graph.account_aliases
        inner join graph.accounts using (account_id) where company_name = 'Delta Law'
        """
    )
    lake.dealix("suppress", "--account", alias, "--reason", "asked")
    assert candidate(lake, "Delta Law") == ("blocked", ["suppressed_account"])
    assert ready(lake) == ALL - {"Delta Law"}


def test_opt_outs_under_another_key_leave_nobody_ready(lake, change):
    change(
        """
        insert into raw.suppression_events (
            event_id, event, kind, subject_hash, masked_display, scope, reason, key_id, actor, occurred_at
        )
        values
            ('e', 'opt_out', 'phone', 'h', 'masked', 'all', 'asked', 'other key', 'Someone', '2026-01-01')
        """
    )
    assert ready(lake) == set()
    assert candidate(lake, "Beta Hospital") == ("needs_review", ["unmatchable_identifier"])


@pytest.mark.parametrize(
    ("status", "is_complete", "is_current"),
    [("running", False, False), ("failed", True, False), ("empty", False, False), ("success", False, True)],
)
def test_exports_stop_when_a_later_build_did_not_end_well(lake, change, status, is_complete, is_current):
    assert lake.value("select is_current from compliance.build_status")
    change(
        f"""
        insert into raw.build_runs (run_id, started_at, status, is_complete)
        values ('later', timestamp '2999-01-01', '{status}', {is_complete})
        """
    )
    assert lake.value("select is_current from compliance.build_status") is is_current


def test_a_build_without_tests_does_not_cover_up_a_failed_one(lake, change):
    change(
        """
        insert into raw.build_runs (run_id, started_at, status, is_complete)
        select 'failed', max(started_at) + interval 1 second, 'failed', true from raw.build_runs
        """
    )
    done = lake.run(
        "build", "--exclude-resource-type", "test", "unit_test", "--profiles-dir", ".",
        "--target-path", str(lake.folder / "target"), "--log-path", str(lake.folder),
        module="dbt.cli.main",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert not lake.value("select is_current from compliance.build_status")


def test_a_build_that_ends_before_its_verdicts_forgets_no_opt_out(lake, tmp_path):
    lake.import_list(write_csv(tmp_path / "late.csv", "Phone,Opt Out", "0112345702,yes"), "late")
    assert ready(lake) == ALL - {"Beta Hospital"}
    done = lake.run(
        "run", "--exclude", "build_verdicts+", "--profiles-dir", ".",
        "--target-path", str(lake.folder / "target"), "--log-path", str(lake.folder),
        module="dbt.cli.main",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert ready(lake) == ALL - {"Beta Hospital"}


def test_a_withdrawn_list_blocks_its_companies_until_the_next_build(lake, change):
    change(
        """
        insert into raw.import_events (event_id, import_id, event, actor, occurred_at)
        select 'w', import_id, 'withdrawn', 'Someone', timestamp '2999-01-01' from raw.raw_lead_imports
        """
    )
    assert ready(lake) == set()
    assert candidate(lake, "Beta Hospital") == ("blocked", ["import_withdrawn_after_build"])
    assert not lake.value("select is_current from compliance.build_status")


def test_an_approval_ends_with_its_content_its_time_and_the_contact(lake, change):
    lake.dealix("prepare", "--priority", "P0,P1,P2,P3", "--persist")
    items = {item["company_name"]: item["queue_id"] for item in lake.dealix("queue")["items"]}
    assert set(items) == ALL
    lake.dealix("approve", *items.values(), "--by", "Someone")
    assert lake.value("select count(*) from outreach.outreach_exportable") == len(ALL)
    lake.dealix("suppress", "--email", "INFO@alpha-gate-test.sa", "--reason", "asked")
    change(
        """
        update outreach.outreach_content set phone_e164 = '+966112345799'
        where company_name = 'Beta Hospital'
        """,
        f"""
        update raw.outreach_events set expires_at = timestamp '2026-01-01'
        where event = 'approved' and queue_id = '{items["Gamma Schools"]}'
        """,
        f"""
        insert into raw.outreach_events (event_id, queue_id, event, reason, actor, occurred_at)
        values ('o', '{items["Delta Law"]}', 'outcome', 'opted_out', 'Someone', timestamp '2999-01-01')
        """,
        """
        delete from graph.contact_sources where contact_id in (
            select contact_id from outreach.outreach_content where company_name = 'Eta Salla Shop'
        )
        """,
    )
    status = dict(lake.sql("select queue_id, status from outreach.outreach_queue"))
    assert {company: status[queue_id] for company, queue_id in items.items()} == {
        "Alpha Clinics": "blocked",
        "Beta Hospital": "queued",
        "Gamma Schools": "expired",
        "Delta Law": "blocked",
        "Eta Salla Shop": "blocked",
        "Theta Salla Shop": "approved",
    }
    exportable = lake.sql("select queue_id from outreach.outreach_exportable")
    assert exportable == [(items["Theta Salla Shop"],)]
    with duckdb.connect(str(lake.path)) as connection:
        for column in (
            *("raw.outreach_events.contact_id", "raw.outreach_events.channel"),
            *("raw.outreach_events.content_hash", "raw.outreach_events.expires_at"),
            *("outreach.outreach_content.email", "outreach.outreach_content.language"),
            "reference.channel_policy.outbound_allowed",
        ):
            table, _, name = column.rpartition(".")
            connection.begin()
            connection.execute(f"update {table} set {name} = null")
            assert connection.execute("from outreach.outreach_approved").fetchall() == [], column
            connection.rollback()


def test_the_reader_is_told_rule_source_and_evidence_without_the_number(lake):
    lake.dealix("suppress", "--phone", "٠١١٢٣٤٥٧٠٢", "--reason", "asked on the phone", "--by", "Sara")
    hits = lake.sql(
        """
        select rule_id, verdict, source_article, evidence from compliance.live_rule_hits
        inner join graph.accounts using (account_id) where company_name = 'Beta Hospital'
        """
    )
    assert [(rule_id, verdict) for rule_id, verdict, *_ in hits] == [("suppressed_contact", "blocked")]
    assert "LAW 5(2)" in hits[0][2]
    assert "asked on the phone" in hits[0][3] and "Sara" in hits[0][3]
    assert "112345702" not in hits[0][3]


def test_what_cannot_be_compared_with_the_opt_outs_leaves_nobody_ready(lake):
    with duckdb.connect(str(lake.path)) as connection:
        for loss in (
            "delete from graph.contact_identifiers",
            "update graph.contact_identifiers set hash = null, hash_number = null",
            "update graph.contact_identifiers set key_id = null",
            # An opt-out that does not say whose it is.
            """
            insert into raw.suppression_events (
                event_id, event, kind, masked_display, scope, reason, key_id, actor, occurred_at
            )
            select 'e', 'opt_out', 'phone', 'x', 'all', 'x', key_id, 'x', created_at from raw.hash_keys
            """,
        ):
            connection.begin()
            connection.execute(loss)
            assert connection.execute("from outreach.outreach_ready").fetchall() == [], loss
            connection.rollback()
        assert len(connection.execute("from outreach.outreach_ready").fetchall()) == len(ALL)
