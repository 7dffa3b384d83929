"""A small lake for the gate's tests, built once; each test works on a copy."""

import shutil

import duckdb
import pytest
from lake import Lake, write_csv

CRM = (
    "Company,Contact,Email,Phone,Website,City,Sector,Opt Out",
    "Alpha Clinics,,info@alpha-gate-test.sa,0112345701,alpha-gate-test.sa,Riyadh,Dental clinic,",
    "Beta Hospital,,sales@beta-gate-test.sa,0112345702,beta-gate-test.sa,Riyadh,Hospital,no",
    "Gamma Schools,,office@gamma-gate-test.sa,0112345703,gamma-gate-test.sa,Jeddah,School,",
    "Delta Law,,contact@delta-gate-test.sa,0112345704,delta-gate-test.sa https://m.facebook.com/delta.gate.test,Riyadh,Law firm,",
    "Epsilon Bakery,,orders@epsilon-gate-test.sa,0112345705,epsilon-gate-test.sa,Riyadh,Bakery,yes",
    "Eta Salla Shop,,info@eta-gate-test.sa,0112345706,https://salla.sa/eta-gate-test,Riyadh,Bakery,",
    "Theta Salla Shop,,info@theta-gate-test.sa,0112345707,https://salla.sa/theta-gate-test,Riyadh,Bakery,",
)


@pytest.fixture(scope="session")
def built_gate_lake(tmp_path_factory) -> Lake:
    folder = tmp_path_factory.mktemp("gate")
    lake = Lake(folder / "lake")
    lake.folder.mkdir()
    lake.import_list(write_csv(folder / "crm.csv", *CRM), "crm")
    lake.dealix("run")
    return lake


@pytest.fixture
def lake(built_gate_lake, tmp_path) -> Lake:
    return built_gate_lake.copy_to(tmp_path / "lake")


@pytest.fixture
def change(lake):
    """Runs statements on the lake, behind the back of every command."""

    def run(*statements: str) -> None:
        with duckdb.connect(str(lake.path)) as connection:
            for statement in statements:
                connection.execute(statement)

    return run


@pytest.fixture
def workplace(built_gate_lake, tmp_path, monkeypatch):
    """The gate's lake where it was built (dbt finds its cache there), given back as it was."""
    for name in ("dealix.duckdb", "dealix.key"):
        shutil.copy2(built_gate_lake.folder / name, tmp_path / name)
    monkeypatch.setenv("DEALIX_WAREHOUSE", str(built_gate_lake.path))
    monkeypatch.setenv("DEALIX_OPERATOR", "Test Operator")
    yield built_gate_lake, tmp_path
    for name in ("dealix.duckdb", "dealix.key"):
        shutil.copy2(tmp_path / name, built_gate_lake.folder / name)
