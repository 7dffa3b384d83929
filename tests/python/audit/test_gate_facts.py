"""In a trial the events of the real warehouse speak of the file's values as the file does."""

import re

from lake import Lake, write_csv

from python_jobs.audit.gate_facts import take_over_events, take_over_key
from python_jobs.command_line import Session
from python_jobs.landing.column_mapping import propose_mapping
from python_jobs.landing.import_metadata import check_metadata
from python_jobs.landing.land_leads import land_leads
from python_jobs.landing.lead_file import open_lead_file
from python_jobs.warehouse.connection import open_writer

OFFERED = (
    "Company,Phone,Email,Website",
    "Acme,0501234567,owner@acme-events.sa,www.acme-events.sa",
    "Shop,0501234568,,https://salla.sa/shop-events/item",
)


def test_whom_an_event_is_about(tmp_path):
    lake = Lake(tmp_path / "lake")
    lake.folder.mkdir()
    lake.import_list(write_csv(tmp_path / "known.csv", "Company,Phone", "Other,0509999999"), "crm")
    for subject in (
        ("--phone", "050 123 4567"),
        ("--phone", "0509999999"),
        ("--email", "Owner@Acme-Events.sa"),
        ("--domain", "acme-events.sa"),
        ("--domain", "salla.sa/shop-events"),
    ):
        lake.dealix("suppress", *subject, "--reason", "asked", "--by", "A Tester")
    session, trial = Session(lake.path, as_json=True), tmp_path / "trial" / lake.path.name
    trial.parent.mkdir()
    metadata = check_metadata("vendor", "partner", "partner_referral", risk_level="low")
    with (
        open_lead_file(write_csv(tmp_path / "offer.csv", *OFFERED)) as file,
        open_writer(trial, "a test", lambda text: None) as connection,
    ):
        take_over_key(connection, session, trial)
        mapping = propose_mapping(file.columns, file.sample, None, {})
        land_leads(connection, file, mapping, metadata, "A Tester", is_trial=True)
        take_over_events(connection, session, trial)
        events = connection.execute(
            "select kind, subject_hash, host_hash, site_hash from raw.suppression_events order by all"
        ).fetchall()
        keys = connection.execute("select count(distinct key_id) from raw.hash_keys").fetchone()
    told = [
        tuple("hash" if text and re.fullmatch("[0-9a-f]{64}", text) else text for text in event)
        for event in events
    ]
    assert sorted(told, key=str) == [
        ("domain", "domain:acme-events.sa", "domain:acme-events.sa", None),
        ("domain", "domain:salla.sa", "domain:salla.sa", "domain:salla.sa/shop-events"),
        ("email", "email:owner@acme-events.sa", None, None),
        ("phone", "hash", None, None),
        ("phone", "phone:+966501234567", None, None),
    ]
    assert keys == (1,)
