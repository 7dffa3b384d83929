"""One small built warehouse for the operator's tests; each test works on a copy of it."""

import shutil
from pathlib import Path

import pytest
from desk import ALL, CUSTOMER, OWN_LIST, PAID_LIST, Desk, desk_at
from lake import Lake, write_csv


@pytest.fixture(scope="session")
def built_lake(tmp_path_factory) -> Lake:
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


@pytest.fixture(scope="session")
def built_files(built_lake: Lake, tmp_path_factory) -> Path:
    """Built, nothing prepared: the warehouse and its key, to be copied."""
    return copy_files(built_lake.folder, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session")
def queued_files(built_files: Path, tmp_path_factory) -> Path:
    """Everything is in the customer's queue, nothing is approved: to be copied."""
    folder = copy_files(built_files, tmp_path_factory.mktemp("queued"))
    Lake(folder).dealix("prepare", *ALL, "--customer", CUSTOMER, "--persist")
    return folder


@pytest.fixture
def desk(built_files: Path, tmp_path: Path, monkeypatch) -> Desk:
    """Built, nothing prepared."""
    return desk_at(copy_files(built_files, tmp_path / "lake"), monkeypatch)


@pytest.fixture
def queued(queued_files: Path, tmp_path: Path, monkeypatch) -> Desk:
    """Everything is in the customer's queue, nothing is approved."""
    return desk_at(copy_files(queued_files, tmp_path / "lake"), monkeypatch)


@pytest.fixture
def queued_where_built(queued_files: Path, built_lake: Lake, monkeypatch) -> Desk:
    """The same where it was built: dbt finds its cache there, which saves a test that builds some seconds."""
    return desk_at(copy_files(queued_files, built_lake.folder), monkeypatch)


def copy_files(original: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name in ("dealix.duckdb", "dealix.key"):
        shutil.copy2(original / name, folder)
    return folder
