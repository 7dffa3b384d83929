"""The policy is what its seeds say: a rule that is not cited, not written or too mild fails the build."""

import duckdb
import pytest
from lake import ROOT

# What somebody could do to the seeds -> what the contract says about it.
BREACHES = {
    "an override milder than the floor": """
        insert into reference.rule_overrides (rule_id, verdict) values ('suppressed_contact', 'needs_review')
        """,
    "an override of no known rule": """
        insert into reference.rule_overrides (rule_id, verdict) values ('unheard_of', 'blocked')
        """,
    "an override that is no verdict": """
        insert into reference.rule_overrides (rule_id, verdict) values ('high_risk_source', 'maybe')
        """,
    "a verdict milder than the floor": """
        update reference.compliance_rules set verdict = 'needs_review' where rule_id = 'suppressed_contact'
        """,
    "a finding made milder": """
        update reference.compliance_rules set verdict = 'alert' where rule_id = 'google_content_kept'
        """,
    "a rule without a file": """
        insert into reference.compliance_rules by name
        select * replace ('forgotten' as rule_id) from reference.compliance_rules
        where rule_id = 'suppressed_contact'
        """,
    "a file without a rule": "delete from reference.compliance_rules where rule_id = 'suppressed_contact'",
    "a rule that is evaluated at another time": """
        update reference.compliance_rules set evaluated = 'build' where rule_id = 'suppressed_contact'
        """,
    "no source": "update reference.compliance_rules set source = null where rule_id = 'high_risk_source'",
    "a blank article": """
        update reference.compliance_rules set source_article = ' ' where rule_id = 'high_risk_source'
        """,
    "no first day": """
        update reference.compliance_rules set effective_from = null where rule_id = 'high_risk_source'
        """,
    "no Arabic title": "update reference.compliance_rules set title_ar = '' where rule_id = 'high_risk_source'",
    "an unknown confidence": """
        update reference.compliance_rules set confidence = 'sure' where rule_id = 'high_risk_source'
        """,
}

TEMPLATE_BREACHES = {
    "no sender": "update reference.message_templates set sender_line = 'from us'",
    "no opt-out": "update reference.message_templates set opt_out_sentence = null",
    "an opt-out that is not free": "update reference.message_templates set opt_out_sentence = 'call us'",
    "a word of the house": "update reference.message_templates set body = body || ' (P0, score 93)'",
    "no salutation": "update reference.message_templates set salutation_unnamed = null",
}


def compiled(lake, model: str) -> str:
    """The SQL of a model as the build of this lake ran it."""
    folder = lake.folder / ".dbt" / lake.path.name / "target" / "compiled" / "dealix" / "models"
    return next(folder.rglob(f"{model}.sql")).read_text(encoding="utf-8")


def rebuild(lake, change, table: str) -> None:
    """What dbt does with a table under contract: new rows into a table with its constraints."""
    model = table.partition(".")[2]
    query = compiled(lake, model)
    change(f"create temp table before as from {table}; delete from {table}; insert into {table} {query}")


@pytest.mark.parametrize("breach", BREACHES)
def test_a_policy_that_may_not_be_fails_the_build(lake, change, breach):
    rebuild(lake, change, "compliance.applicable_rules")
    change(BREACHES[breach])
    with pytest.raises(duckdb.ConstraintException):
        rebuild(lake, change, "compliance.applicable_rules")


def test_a_stricter_override_counts(lake, change):
    change("insert into reference.rule_overrides (rule_id, verdict) values ('high_risk_source', 'blocked')")
    rebuild(lake, change, "compliance.applicable_rules")
    assert (
        lake.value("select verdict from compliance.applicable_rules where rule_id = 'high_risk_source'")
        == "blocked"
    )


@pytest.mark.parametrize("breach", TEMPLATE_BREACHES)
def test_a_template_that_may_not_be_sent_fails_the_build(lake, change, breach):
    rebuild(lake, change, "outreach.approved_templates")
    change(TEMPLATE_BREACHES[breach])
    with pytest.raises(duckdb.ConstraintException):
        rebuild(lake, change, "outreach.approved_templates")


def test_the_build_itself_stops_and_the_last_good_policy_stays(lake, change):
    change(BREACHES["an override milder than the floor"])
    done = lake.run(
        "run", "--select", "applicable_rules", "build_verdicts", "--profiles-dir", ".",
        "--target-path", str(lake.folder / "target"), "--log-path", str(lake.folder),
        module="dbt.cli.main",
    )  # fmt: skip
    assert done.returncode != 0
    assert "constraint" in done.stdout.lower() and "SKIP" in done.stdout
    assert not lake.value("select is_current from compliance.build_status")
    assert (
        lake.value("select verdict from compliance.applicable_rules where rule_id = 'suppressed_contact'")
        == "blocked"
    )


def test_the_policy_version_is_a_hash_of_the_seeds(lake, change):
    before = lake.value("select policy_version from compliance.policy_version")
    assert lake.sql("select distinct policy_version from compliance.live_verdicts") == [(before,)]
    rebuild(lake, change, "compliance.policy_version")
    assert lake.value("select policy_version from compliance.policy_version") == before
    for statement in (
        "insert into reference.rule_overrides (rule_id, verdict) values ('high_risk_source', 'blocked')",
        "update reference.channel_policy set allowed_from = '10:00' where channel = 'phone_task'",
        "update reference.outreach_policy set value = 31 where key = 'first_days_of_customer'",
    ):
        change(statement)
        rebuild(lake, change, "compliance.policy_version")
        after = lake.value("select policy_version from compliance.policy_version")
        assert after != before and after.startswith("policy_")
        before = after


def test_every_rule_file_has_its_unit_test():
    for folder, tests in (
        ("compliance/rules", "compliance/rules/_rules_unit_tests.yml"),
        ("outreach/rules", "outreach/_outreach_unit_tests.yml"),
    ):
        text = (ROOT / "models" / tests).read_text(encoding="utf-8")
        rules = [path.stem for path in (ROOT / "models" / folder).glob("*.sql")]
        assert rules
        assert [rule for rule in rules if f"model: {rule}\n" not in text] == []
