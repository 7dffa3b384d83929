"""Each of the gate's dbt tests fails on a warehouse that violates it (and passes on the one before)."""

import json

import duckdb
import pytest
from lake import ROOT

# test -> what makes it fail: each breaks another company or table, so that all can be broken at once.
VIOLATIONS = {
    # The identifiers in the graph are wrong, so the rules miss the opt-out that lands afterwards.
    "no_suppressed_contact_in_outreach_ready": (
        """
        insert into raw.suppression_events (
            event_id, event, kind, subject_hash, masked_display, scope, reason, key_id, actor, occurred_at
        )
        select
            'e', 'opt_out', 'phone', hash, 'masked', 'all', 'asked', key_id, 'Someone', timestamp '2026-01-01'
        from graph.contact_identifiers
        inner join graph.accounts using (account_id)
        where kind = 'phone' and company_name = 'Alpha Clinics'
        """,
        """
        update graph.contact_identifiers set hash = 'of another number', hash_number = 1
        where account_id = (select account_id from graph.accounts where company_name = 'Alpha Clinics')
        """,
    ),
    # The verdict of the build is lost.
    "no_opted_out_contact_in_outreach_ready": (
        """
        update compliance.build_verdicts set verdict_rank = 0, rules = ''
        where account_id = (select account_id from graph.accounts where company_name = 'Epsilon Bakery')
        """,
        """
        insert into outreach.ready_content by name
        select
            content.*, [] as rule_ids, '' as reasons, verdicts.account_number,
            verdicts.contact_number, 1 as choice
        from outreach.outreach_content as content
        inner join compliance.build_verdicts as verdicts on content.verdict_id = verdicts.verdict_id
        where content.account_id = (select account_id from graph.accounts where company_name = 'Epsilon Bakery')
        """,
    ),
    "no_ready_verdict_without_evidence": (
        "update graph.accounts set risk_level = 'not known' where company_name = 'Beta Hospital'",
    ),
    # Approved as one text, exported as another.
    "every_exported_row_had_a_live_approval_of_its_content": (
        """
        insert into raw.outreach_events (
            event_id, queue_id, event, content_hash, actor, occurred_at, expires_at
        )
        values
            ('o1', 'que_1', 'approved', 'one text', 'Someone', '2026-01-01', '2026-02-01'),
            ('o2', 'que_1', 'exported', 'another text', 'Someone', '2026-01-02', null)
        """,
    ),
    "scores_are_the_sums_of_their_components": (
        "update scoring.lead_scores set total_score = total_score + 1",
    ),
    "override_never_looser_than_floor": (
        """
        insert into reference.rule_overrides (rule_id, verdict)
        values ('suppressed_contact', 'needs_review')
        """,
    ),
    "every_rule_has_its_file": (
        """
        insert into reference.compliance_rules (rule_id, verdict, evaluated)
        values ('forgotten', 'blocked', 'read')
        """,
    ),
}  # fmt: skip


def failed_tests(lake) -> set[str]:
    """Which of the tests fail on the lake now."""
    done = lake.run(
        "--log-format", "json", "test", "--select", *VIOLATIONS,
        "--profiles-dir", ".", "--target-path", str(lake.folder / "target"), "--log-path", str(lake.folder),
        module="dbt.cli.main",
    )  # fmt: skip
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    results = {
        event["data"]["name"]: event["data"]["status"]
        for event in events
        if event["info"]["name"] == "LogTestResult"
    }
    assert set(results) == set(VIOLATIONS), done.stdout + done.stderr
    return {name for name, status in results.items() if status == "fail"}


def test_each_violation_is_found(lake, change):
    assert lake.value("select count(*) from outreach.outreach_ready") == 6
    assert failed_tests(lake) == set()
    for statements in VIOLATIONS.values():
        change(*statements)
    assert failed_tests(lake) == set(VIOLATIONS)


@pytest.mark.parametrize(
    ("decision", "is_good"),
    [
        ("('2026-01-01', '2026-02-01', 'text', 'Someone')", True),
        ("('2026-01-01', '2026-01-02', 'text', 'Someone')", False),
        ("('2026-01-06', '2026-02-01', 'text', 'Someone')", False),
        ("('2026-01-01', '2026-02-01', null, 'Someone')", False),
        ("('2026-01-01', null, 'text', 'Someone')", False),
        ("('2026-01-01', '2026-02-01', 'text', ' ')", False),
    ],
    ids=["good", "expired", "approved afterwards", "no content", "no expiry", "nobody"],
)
def test_what_counts_as_a_live_approval(lake, change, decision, is_good):
    """The exporting test's query itself on one approval: too many dbt processes would be slow."""
    change(
        f"""
        insert into raw.outreach_events (
            event_id, queue_id, event, occurred_at, expires_at, content_hash, actor
        )
        select
            'a', 'que_1', 'approved', cast(made as timestamp), cast(good_until as timestamp), content, actor
        from (values {decision}) as decision (made, good_until, content, actor)
        union all
        select 'x', 'que_1', 'exported', timestamp '2026-01-05', null, 'text', 'Someone'
        """
    )
    assert (lake.sql(compiled("every_exported_row_had_a_live_approval_of_its_content")) == []) is is_good


def compiled(test: str) -> str:
    """A singular test's query with its one kind of reference resolved by hand."""
    text = (ROOT / "tests" / "outreach" / f"{test}.sql").read_text(encoding="utf-8")
    return text.replace("{{ ref('stg_outreach_events') }}", "staging.stg_outreach_events")


@pytest.mark.parametrize(
    "changes",
    [
        "null as verdict_rank",
        "3 as verdict_rank",
        "null as channel",
        "null as contact_id, 0 as verdict_rank",
    ],
)
def test_the_contract_refuses_a_verdict_that_could_not_be_read(lake, change, changes):
    with pytest.raises(duckdb.ConstraintException):
        change(
            f"""
            insert into compliance.build_verdicts by name
            select * replace ({changes}) from compliance.build_verdicts limit 1
            """
        )


@pytest.mark.parametrize(
    "column",
    [
        "scoring.lead_scores.data_quality_score",
        "compliance.build_verdicts.verdict_rank",
        "compliance.build_verdicts.contact_id",
        "compliance.build_rule_hits.account_id",
        "compliance.gate_subjects.contact_id",
        "compliance.gate_subjects.has_full_name",
    ],
)
def test_the_contract_refuses_an_unknown_fact_of_the_gate(lake, change, column):
    table, _, name = column.rpartition(".")
    with pytest.raises(duckdb.ConstraintException):
        change(f"update {table} set {name} = null")
