"""A file, landed: what the tests of the reader look at."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from python_jobs.landing.column_mapping import propose_mapping
from python_jobs.landing.import_metadata import check_metadata
from python_jobs.landing.land_leads import LandedImport, land_leads
from python_jobs.landing.lead_file import LeadFile, open_lead_file
from python_jobs.warehouse.connection import open_writer


@dataclass(frozen=True)
class Landed:
    """The outcome of one import."""

    file: LeadFile
    told: LandedImport
    rows: list[dict]
    row_numbers: list[int]
    rejected: list[tuple[int, str, str]]


@pytest.fixture
def land(tmp_path):
    """Land some bytes as a file in a warehouse of their own."""

    def land_bytes(content: bytes, name: str = "leads.csv", encoding: str | None = None) -> Landed:
        path = tmp_path / name
        path.write_bytes(content)
        return land_path(path, tmp_path / f"{len(list(tmp_path.iterdir()))}.duckdb", encoding)

    return land_bytes


def land_path(path: Path, warehouse: Path, encoding: str | None = None) -> Landed:
    metadata = check_metadata("a_test_list", "public", "public_business_contact", risk_level="low")
    with open_lead_file(path, encoding) as file, open_writer(warehouse, "a test") as connection:
        mapping = propose_mapping(file.columns, file.sample)
        told = land_leads(connection, file, mapping, metadata, "tester")
        rows = connection.execute(
            "select row_number, payload from raw.raw_lead_rows order by row_number"
        ).fetchall()
        rejected = connection.execute(
            "select line_number, line_text, reason from raw.raw_rejected_lines order by line_number"
        ).fetchall()
        assert told.rows_read == told.rows_landed + told.rows_rejected
        assert (told.rows_landed, told.rows_rejected) == (len(rows), len(rejected))
        assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
        hashes = connection.execute(
            "select count(*) from raw.raw_lead_rows where row_hash <> sha256(payload::varchar)"
        ).fetchone()
        assert hashes == (0,)
    return Landed(file, told, [json.loads(payload) for _, payload in rows], [n for n, _ in rows], rejected)
