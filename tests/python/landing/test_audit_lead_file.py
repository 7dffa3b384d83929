"""`dealix audit` tells what an import would give and never touches the warehouse."""

import json
import re

import pytest
from lake import Lake
from xlsx import cell, rows, workbook

from python_jobs.audit_lead_file import as_text


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return Lake(tmp_path_factory.mktemp("audit"))


def audit(lake, text, status):
    path = lake.folder / "leads.csv"
    path.write_text(text, encoding="utf-8")
    return lake.dealix("audit", path, status=status)


def test_a_healthy_file(lake):
    answer = audit(
        lake,
        "List of 2026\n"
        "Company,Phone,Email,Website,Unsubscribed\n"
        "الشركة,الجوال,البريد الإلكتروني,الموقع الإلكتروني,عدم التواصل\n"
        "Acme Dental,0501234567 / 0112345678,info@acme-audit.sa,www.acme-audit.sa,\n"
        "ACME DENTAL,00966501234567,,,\n"
        "Beta Schools,x,sales@beta-audit.sa,not available.,yes\n"
        "Gamma,920001234,,,\n"
        ",,,,\n"
        "-,0551234567,,,\n"
        ' ,"",,,\n',
        status=0,
    )
    assert (answer["verdict"], answer["rows"], answer["rows_accepted"]) == ("healthy", 5, 4)
    assert answer["acceptance_rate"] == 0.8
    assert answer["reject_reasons"] == {"no_company_name": 1}
    assert (answer["rows_empty"], answer["lines_read"]) == (2, 9)
    assert (answer["companies"], answer["duplicate_rows"], answer["opt_outs"]) == (3, 1, 1)
    assert answer["phones"]["by_kind"] == {"mobile": 2, "landline": 1, "shared_cost": 1}
    assert answer["emails"]["by_kind"] == {"role": 2}
    assert answer["columns"][0]["fill_rate"] == 1.0
    assert answer["first_rejected"] == [
        {"place": "row 6", "reason": "no_company_name", "text": "- | 0551234567"},
        {"place": "line 1", "reason": "above_header", "text": "List of 2026"},
        {
            "place": "line 3",
            "reason": "header_again",
            "text": "الشركة,الجوال,البريد الإلكتروني,الموقع الإلكتروني,عدم التواصل",
        },
    ]
    text = as_text(answer)
    assert re.search(r"Repeats by key  .*1 phone \(many: of \d different\)", text)
    assert "Many rows repeat others" in text
    assert "Empty rows      2 (not counted)" in text
    assert not lake.path.exists()
    assert list((lake.folder / ".dbt" / "audit").iterdir()) == []


def test_junk_is_not_healthy(lake):
    answer = audit(lake, "Name,Phone\n-,0501234567\nAcme,\n,x\nBeta,1,2,3\n", status=1)
    assert (answer["verdict"], answer["rows_accepted"], answer["rows"]) == ("reject", 0, 4)
    assert answer["reject_reasons"] == {
        "no_company_name": 2, "line: too_many_fields": 1, "no_identifier": 1
    }  # fmt: skip


def test_a_workbook_with_the_mapping_saved_for_its_source(tmp_path):
    """What the audit takes each column for is what the import will."""
    lake = Lake(tmp_path)
    path = tmp_path / "leads.xlsx"
    names = ["Firma", "Fon", "رقم الهوية"]
    path.write_bytes(
        workbook(Old=rows(names, ["Acme", 501234567.0, 1]), New=rows(names, ["Beta", 551234567.0, 1]))
    )
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"Firma": "company_name", "Fon": "phone"}', encoding="utf-8")
    said = ("--source-name", "a", "--source-type", "public", "--allowed-use", "public_business_contact",
            "--risk-level", "low")  # fmt: skip
    lake.dealix("import", path, *said, "--mapping", mapping)
    audited = lake.dealix("audit", path, *said, "--sheet", "New")
    assert (audited["rows_accepted"], audited["sheet"]) == (1, "New")
    assert audited["sensitive_columns"] == ["رقم الهوية"]
    imported = lake.dealix("import", path, *said, "--sheet", "New")
    assert [entry["origin"] for entry in imported["columns"]] == ["saved", "saved", "alias"]
    assert [entry | {"fill_rate": 1.0} for entry in imported["columns"]] == audited["columns"]


def test_formulas_without_a_result_are_told(tmp_path):
    lake = Lake(tmp_path)
    path = tmp_path / "leads.xlsx"
    formula = '<c r="B2"><f>"05"&amp;1234567</f><v/></c>'
    path.write_bytes(
        workbook(Leads=rows(["Company", "Phone"]) + f'<row r="2">{cell("A2", "Acme")}{formula}</row>')
    )
    audited = lake.dealix("audit", path, status=1)
    assert audited["uncomputed_formulas"] == {"Phone": 1}
    assert "Formulas without a result (1 in Phone)" in as_text(audited)
    said = ("--source-name", "a", "--source-type", "manual")
    imported = lake.dealix("import", path, *said, "--allowed-use", "unknown", "--risk-level", "low")
    assert imported["uncomputed_formulas"] == {"Phone": 1}


def test_unreadable_and_refused(lake):
    path = lake.folder / "book.xlsx"
    path.write_bytes(b"PK\x03\x04")
    assert lake.run("audit", path).returncode == 2
    done = lake.run("audit", path, "--source-name", "LinkedIn", "--json")
    assert (done.returncode, json.loads(done.stdout)["rule_id"]) == (1, "linkedin_source")
