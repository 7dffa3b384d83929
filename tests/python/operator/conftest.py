"""One small built warehouse for the operator's tests; each test works on a copy of it."""

from pathlib import Path

import pytest
from desk import CUSTOMER, OWN_LIST, PAID_LIST, Desk
from lake import Lake, write_csv


@pytest.fixture(scope="session")
def built_desk(tmp_path_factory) -> Lake:
    folder = tmp_path_factory.mktemp("desk")
    lake = Lake(folder / "lake")
    lake.folder.mkdir()
    lake.dealix("customer", CUSTOMER, "--onboarded-on", "2020-01-01")
    lake.import_list(write_csv(folder / "own.csv", *OWN_LIST), "own list", "--customer", CUSTOMER)
    lake.import_list(
        write_csv(folder / "paid.csv", *PAID_LIST),
        "vendor",
        *("--source-type", "paid", "--allowed-use", "business_contact_research_only"),
        *("--risk-level", "high", "--consent-status", "", "--vendor-last-updated", "2026-06-30"),
    )
    lake.dealix("run")
    return lake


@pytest.fixture
def desk(built_desk: Lake, tmp_path: Path, monkeypatch) -> Desk:
    lake = built_desk.copy_to(tmp_path / "lake")
    for name, value in (("DEALIX_WAREHOUSE", str(lake.path)), ("DEALIX_OPERATOR", "Test Operator")):
        monkeypatch.setenv(name, value)
    return Desk(lake)
