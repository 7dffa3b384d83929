"""One lake with the cases of identity, built once; each test that changes it works on a copy."""

import random

import pytest
from lake import Lake, write_csv

HEADER = "Company Name,Arabic Name,Contact Name,Email,Phone,Second Phone,Website,City,Place ID,Opt Out"

# Each name says which case the record belongs to.
CASES = (
    # One company in two spellings, by name and city alone.
    "Spelling Trading Co.,,,,0112345001,,,Riyadh,,",
    "شركة الوصل المحدودة,,,,0112345002,,,الرياض,,",
    "شركه الوصل,,,,0112345003,,,Riyadh,,",
    "SPELLING-TRADING L.L.C.,,,,0112345004,,,رياض,,",
    # Namesakes: the same name in one city with domains of their own, and in two cities.
    "Namesake Foods,,,,0112345005,,https://namesake-one.sa,Riyadh,,",
    "Namesake Foods,,,,0112345006,,https://namesake-two.sa,Riyadh,,",
    "Twocity Foods,,,,0112345007,,,Riyadh,,",
    "Twocity Foods,,,,0122345007,,,Jeddah,,",
    # Hosts and mailboxes that everybody shares.
    "Social Alpha,,,,0112345008,,https://www.facebook.com/socialalpha,Riyadh,,",
    "Social Beta,,,,0112345009,,https://facebook.com/socialbeta,Jeddah,,",
    "Social Alpha Branch,,,,0112345010,,https://m.facebook.com/SocialAlpha/,Dammam,,",
    "Freemail Alpha,,,shared.mailbox@gmail.com,0112345011,,,Riyadh,,",
    "Freemail Beta,,,shared.mailbox@gmail.com,0122345011,,,Jeddah,,",
    # A call centre: four unlike names on one number; two records of one of the names.
    "Hub Alpha,,,,920012345,,,Riyadh,,",
    "Hub Beta,,,,920012345,,,Jeddah,,",
    "Hub Gamma,,,,920012345,,,Dammam,,",
    "Hub Delta,,,,920012345,,,Abha,,",
    "Hub Delta,,,,920012345,,,Tabuk,,",
    # Branches of one company, by its domain.
    "Branch Clinics Olaya,,Person One,info@branch-clinics.sa,0112345012,,,Riyadh,ChIJbranch001,",
    "Branch Clinics Malaz,,Person Two,ali@branch-clinics.sa,0112345013,,,Riyadh,ChIJbranch002,",
    "Branch Clinics,,,,0112345014,,branch-clinics.sa,Jeddah,,yes",
    # Trades and not names.
    "Pharmacy,,,,0112345015,,,Riyadh,,",
    "Pharmacy,,,,0112345016,,,Riyadh,,",
    # Two unlike names: on one number, and on one number and one domain.
    "Unlike Alpha,,,,0555500001,,https://alpha-unlike.sa,Riyadh,,",
    "Different Beta,,,,0555500001,,https://beta-different.sa,Riyadh,,",
    "Sparkle Brand,,,,0112345031,,https://retailco.sa,Riyadh,,",
    "Retail Holding Firm,,,,0112345031,,https://retailco.sa,Riyadh,,",
    # The same company in two scripts: on one number, by the consonants; by number and domain, translated.
    "Bassam Tamimi,,,,0112345032,,,Riyadh,,",
    "بسام التميمي,,,,0112345032,,,Riyadh,,",
    "Palm Dates,,,,0112345033,,https://nakheel.sa,Riyadh,,",
    "تمور النخيل,,,,0112345033,,https://nakheel.sa,Riyadh,,",
    # One number for two records that a person will tell apart, and two that nothing links but a person.
    "Decided Alpha,,,,0112345017,,https://decided.sa,Riyadh,,",
    "Decided Beta,,,,0112345017,,https://decided.sa,Jeddah,,",
    "Decided Gamma,,,,0112345018,,,Riyadh,,",
    "Decided Delta,,,,0112345019,,,Jeddah,,",
    # No name, no identifier.
    "-,,,,0112345020,,,Riyadh,,",
    "Nobody Reachable,,,,12345,,not available.,Riyadh,,",
)
CHAIN_LINKS = 1000


def chain() -> list[str]:
    """Records of which each shares one number with the next, in an order that says nothing of it."""
    lines = [
        f"Chain Link {link} Trading,,,,05{50000000 + link},05{50000001 + link},,,,"
        for link in range(CHAIN_LINKS)
    ]
    random.Random(4).shuffle(lines)
    return lines


@pytest.fixture(scope="session")
def built_graph(tmp_path_factory) -> Lake:
    folder = tmp_path_factory.mktemp("graph")
    lake = Lake(folder / "lake")
    lake.folder.mkdir()
    lake.import_list(write_csv(folder / "cases.csv", HEADER, *CASES), "cases")
    lake.import_list(write_csv(folder / "chain.csv", HEADER, *chain()), "chain")
    lake.import_list(
        write_csv(folder / "more.csv", HEADER, "Spelling Trading,,,,0112345001,,,Riyadh,,"),
        "more", "--source-type", "paid", "--risk-level", "high",
        "--allowed-use", "business_contact_research_only", "--consent-status", "",
        "--vendor-last-updated", "2026-06-30",
    )  # fmt: skip
    lake.dealix("run")
    return lake


@pytest.fixture
def graph(built_graph, tmp_path) -> Lake:
    return built_graph.copy_to(tmp_path / "lake")
