"""One small lake for the end-to-end tests, built once through the commands; each test works on a copy."""

import pytest
from lake import Lake, write_csv

CRM = (
    "Company Name,Contact Name,Email,Mobile,Phone,Website,City,Industry,Opt Out",
    "Alpha Dental Clinics,,info@alpha-lake-test.sa,,0112345601,https://www.alpha-lake-test.sa,Riyadh,Dental clinic,",
    "Beta Hospital,,sales@beta-lake-test.sa,,0112345602,beta-lake-test.sa,الرياض,Hospital,no",
    "Gamma Schools,,office@gamma-lake-test.sa,,0112345603,gamma-lake-test.sa,Jeddah,School,",
    "Delta Law,,contact@delta-lake-test.sa,,0112345604,delta-lake-test.sa,Riyadh,Law firm,",
    "Epsilon Real Estate,,info@epsilon-lake-test.sa,,0112345605,epsilon-lake-test.sa,Dammam,Real estate,",
    "Zeta Bakery,,orders@zeta-lake-test.sa,,0112345606,zeta-lake-test.sa,Riyadh,Bakery,yes",
    ",,nobody@nowhere-lake-test.sa,,,,,,",
    "No Identifier,,,,,,Riyadh,,",
    "Eta Logistics,Sara Example,sara@eta-lake-test.sa,0551234607,,eta-lake-test.sa,Riyadh,Logistics,",
)
PAID = (
    "اسم الشركة;الجوال;الهاتف;البريد الإلكتروني;الموقع الإلكتروني;المدينة;النشاط",
    "عيادات ألفا لطب الأسنان;;00966112345601;;alpha-lake-test.sa;الرياض;أسنان",
    "مؤسسة ثيتا;0551234608;;theta.lake.test@gmail.com;;جدة;تجارة",
    "شركة إيوتا;;0112345609;info@iota-lake-test.sa;iota-lake-test.sa;الرياض;مقاولات",
)


@pytest.fixture(scope="session")
def built_lake(tmp_path_factory) -> Lake:
    folder = tmp_path_factory.mktemp("built")
    lake = Lake(folder / "lake")
    lake.folder.mkdir()
    lake.dealix("customer", "Customer One", "--onboarded-on", "2020-01-01")
    lake.import_list(write_csv(folder / "crm.csv", *CRM), "crm", "--customer", "Customer One")
    lake.import_list(
        write_csv(folder / "paid.csv", *PAID), "vendor",
        "--source-type", "paid", "--allowed-use", "business_contact_research_only", "--risk-level", "high",
        "--consent-status", "", "--vendor-last-updated", "2026-06-30",
    )  # fmt: skip
    lake.dealix("run")
    return lake


@pytest.fixture
def lake(built_lake, tmp_path) -> Lake:
    return built_lake.copy_to(tmp_path / "lake")
