"""One small built warehouse for the operator's tests; each test works on a copy of it."""

import shutil
from pathlib import Path

import pytest
from desk import ALL, CUSTOMER, OWN_LIST, PAID_LIST, Desk
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
    """Built, nothing prepared."""
    return desk_on_a_copy(built_desk, tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def queued_lake(built_desk: Lake, tmp_path_factory) -> Lake:
    lake = built_desk.copy_to(tmp_path_factory.mktemp("queued") / "lake")
    lake.dealix("prepare", *ALL, "--customer", CUSTOMER, "--persist")
    return lake


@pytest.fixture
def queued(queued_lake: Lake, tmp_path: Path, monkeypatch) -> Desk:
    """Everything is in the customer's queue, nothing is approved."""
    return desk_on_a_copy(queued_lake, tmp_path, monkeypatch)


def desk_on_a_copy(original: Lake, folder: Path, monkeypatch) -> Desk:
    lake = Lake(folder / "lake")
    lake.folder.mkdir()
    for file in (original.path, original.path.with_suffix(".key")):
        shutil.copy2(file, lake.folder)
    monkeypatch.setenv("DEALIX_WAREHOUSE", str(lake.path))
    monkeypatch.setenv("DEALIX_OPERATOR", "Test Operator")
    return Desk(lake)
