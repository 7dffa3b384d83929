"""What an audit assumes, and what it refuses before it starts to work."""

import pytest
from click.testing import CliRunner

from python_jobs.audit_lead_file import audit_metadata, main
from python_jobs.command_line import Refusal


def test_nothing_said_is_unknown():
    metadata, refusal = audit_metadata()
    assert (metadata.allowed_use, metadata.consent_status, metadata.risk_level) == ("unknown",) * 3
    assert refusal is None


def test_a_paid_list_of_unsaid_use_is_audited_as_unknown_and_the_refusal_is_told():
    metadata, refusal = audit_metadata(source_type="paid", risk_level="high", allowed_use=None)
    assert (metadata.source_type, metadata.allowed_use) == ("paid", "unknown")
    assert "ask the vendor in writing" in refusal


@pytest.mark.parametrize(
    "said",
    [
        {"source_type": "paid", "risk_level": "high", "allowed_use": "unknown"},
        {"source_name": "LinkedIn export"},
    ],
)
def test_what_an_import_refuses_an_audit_refuses(said):
    with pytest.raises(Refusal):
        audit_metadata(**said)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rejects", "rejects.xlsx"], "no CSV file name"),
        (["--rejects", "there.csv"], "is there already"),
        (["--rejects", "nowhere/rejects.csv"], "There is no folder"),
        (["--report", "there.csv"], "is a file"),
        (["--internal"], "--report DIR"),
        (["--price", "much"], "is no amount"),
        (["--price", "-1"], "is no amount"),
        (["--price", "nan"], "is no amount"),
    ],
)
def test_wrong_use_is_told_before_any_work(tmp_path, monkeypatch, options, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.csv").write_text("mine")
    monkeypatch.setenv("DEALIX_WAREHOUSE", str(tmp_path / "dealix.duckdb"))
    result = CliRunner().invoke(main, ["leads.csv", *options])
    assert result.exit_code == 2
    assert sentence in result.output
    assert (tmp_path / "there.csv").read_text() == "mine"
