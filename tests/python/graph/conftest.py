"""One lake with the cases of identity, built once; each test that changes it works on a copy."""

import random

import pytest
from graph_cases import BARE, CASES, HEADER
from lake import Lake, write_csv

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
    lake.import_list(write_csv(folder / "bare.csv", HEADER, *BARE), "bare")
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
