"""What must be said about a list: nothing permissive is assumed, and forbidden sources are refused."""

import pytest

from python_jobs.command_line import Refusal, UsageProblem
from python_jobs.landing.import_metadata import allowed_values, check_metadata

SAID = {
    "source_name": "vendor_x_2026_q2",
    "source_type": "paid",
    "allowed_use": "business_contact_research_only",
    "risk_level": "high",
}


def said(**changes):
    return check_metadata(**{**SAID, **changes})


def test_the_playbook_line():
    metadata = said()
    assert (metadata.source_name, metadata.allowed_use) == (SAID["source_name"], SAID["allowed_use"])
    assert (metadata.risk_level, metadata.consent_status) == ("high", "unknown")


@pytest.mark.parametrize("source_type", ["owned", "public", "paid", "partner", "manual"])
@pytest.mark.parametrize("missing", ["allowed_use", "risk_level"])
def test_use_and_risk_must_be_said(source_type, missing):
    with pytest.raises(UsageProblem, match="must be said"):
        said(source_type=source_type, **{missing: None})


@pytest.mark.parametrize("source_type", ["google_maps", "google_search"])
def test_google_brings_its_own(source_type):
    metadata = said(source_type=source_type, allowed_use=None, risk_level=None)
    assert (metadata.allowed_use, metadata.risk_level) == ("business_contact_research_only", "medium")


def test_unknown_may_be_said_but_not_of_a_paid_list():
    metadata = said(source_type="public", allowed_use="unknown", risk_level="unknown")
    assert (metadata.allowed_use, metadata.risk_level) == ("unknown", "unknown")
    with pytest.raises(Refusal) as refusal:
        said(allowed_use="unknown")
    assert refusal.value.rule_id == "paid_list_of_unknown_use"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("source_type", "stolen", allowed_values("source_types", "source_type")),
        ("allowed_use", "everything", allowed_values("allowed_uses", "allowed_use")),
        ("risk_level", "CRITICAL!!", allowed_values("risk_levels", "risk_level")),
        ("consent_status", "yes", allowed_values("consent_statuses", "consent_status")),
    ],
)
def test_values_outside_the_seeds_are_refused_with_the_allowed_ones(name, value, allowed):
    with pytest.raises(UsageProblem) as problem:
        said(**{name: value})
    assert value in str(problem.value)
    assert all(text in str(problem.value) for text in allowed)


def test_a_list_of_withdrawn_consent_is_a_suppression():
    with pytest.raises(UsageProblem, match="dealix suppress"):
        said(consent_status="withdrawn")


@pytest.mark.parametrize("day", ["2999-01-01", "30.04.2026", "soon"])
def test_the_vendors_date(day):
    assert str(said(vendor_last_updated="2026-04-30").vendor_last_updated) == "2026-04-30"
    with pytest.raises(UsageProblem, match="vendor-last-updated"):
        said(vendor_last_updated=day)


@pytest.mark.parametrize(
    "name",
    ["LinkedIn", "linked in scrape", "LINKED-IN_2026", "Linkedln export", "Ｌｉｎｋｅｄｉｎ", "sales navigator",
     "link\u200bedin",
     "لينكدإن", "لينكد ان", "لنكدن", "بيانات من لينكدين"],
)  # fmt: skip
def test_linkedin_is_never_a_source(name):
    with pytest.raises(Refusal) as refusal:
        said(source_name=name)
    assert refusal.value.rule_id == "linkedin_source"


@pytest.mark.parametrize(
    "name",
    [None, "", "  ", "-", "n/a", "N.A.", "unknown", "Unknown ", "none", "???", "whatsapp numbers",
     "WhatsApp group 3", "numbers", "phone list", "أرقام واتساب", "ارقام", "قائمة",
     "مجهول", "لا يوجد", "data.csv"],
)  # fmt: skip
def test_a_name_that_names_no_source_is_refused(name):
    with pytest.raises(Refusal) as refusal:
        said(source_name=name)
    assert refusal.value.rule_id == "no_provenance"


def test_no_source_type_is_no_provenance():
    with pytest.raises(Refusal) as refusal:
        said(source_type=None)
    assert refusal.value.rule_id == "no_provenance"
    assert "google_maps" in str(refusal.value)


@pytest.mark.parametrize(
    "name",
    ["osm_riyadh_office", "expo_2026_whatsapp_numbers", "غرفة الرياض 2026", "crm",
     "maps_dental_clinic_riyadh",     "vendor_x_2026_q2", "old_crm_contacts", "our_leads_2025"],
)  # fmt: skip
def test_a_real_source_is_accepted(name):
    assert said(source_name=name).source_name == name
