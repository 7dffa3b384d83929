"""Headers as vendors, CRMs and directories write them, and the field that each must become."""

import csv
import json

import pytest

from python_jobs.command_line import UsageProblem
from python_jobs.landing.column_mapping import (
    ALIASES,
    ambiguous_columns,
    propose_mapping,
    read_mapping_file,
)
from python_jobs.landing.folding import fold_header


def fields(*columns, sample=(), chosen=None):
    return [entry.field for entry in propose_mapping(columns, sample, chosen)]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Company Name", "company_name"),
        ("COMPANY", "company_name"),
        ("company_name", "company_name"),
        ("\ufeffCompany-Name ", "company_name"),
        ("اسم الشركه", "company_name"),
        ("إسم المنشأة", "company_name"),
        ("Company Name / اسم الشركة", "company_name"),
        ("الاسم بالعربية", "company_name_ar"),
        ("رقم الجـوال", "phone"),
        ("Mobile Phone", "phone"),
        ("Phone 4", "phone"),
        ("Head Office Phone", "phone"),
        ("companyPhone", "phone"),
        ("هاتف الفرع الرئيسي", "phone"),
        ("Fax", None),
        ("Phone / Fax", None),
        ("رقم الفاكس", None),
        ("البريد الإلكترونى", "email"),
        ("E-Mail Address", "email"),
        ("Clinic E-mail", "email"),
        ("الموقع الإلكتروني", "website"),
        ("placeId", "place_id"),
        ("الرقم الموحد", "national_number"),
        ("C.R. No.", "cr_number"),
        ("الرقم الضريبي", "vat_number"),
        ("النشاط", "sector"),
        ("المدينه", "city"),
        ("Hours", "opening_hours"),
        ("Email Opt Out", "opt_out"),
        ("HasOptedOutOfEmail", "opt_out"),
        ("Customer unsubscribed on", "opt_out"),
        ("Do Not Call Mobile", "opt_out"),
        ("طلب عدم التواصل", "opt_out"),
        ("رقم الهوية", "sensitive_national_id"),
        ("Owner Iqama No", "sensitive_national_id"),
        ("الديانة", "sensitive_other"),
        ("Patient diagnosis", "sensitive_other"),
        ("Health Center Name", None),
        ("Verified", None),
        ("", None),
    ],
)
def test_one_header(header, field):
    assert fields(header) == [field]


def test_a_name_is_the_company_only_without_people_and_other_companies():
    assert fields("Name", "Subtype", "Phone") == ["company_name", "sector", "phone"]
    assert fields("Name", "Company", "Email") == ["contact_name", "company_name", "email"]
    assert fields("Name", "Job Title", "Email") == ["contact_name", "contact_role", "email"]
    assert fields("First Name", "Name") == ["contact_first_name", None]
    assert fields("الاسم", "المسمى الوظيفي") == ["contact_name", "contact_role"]


def test_a_title_is_the_company_on_a_map_and_a_role_in_a_crm():
    assert fields("title", "placeId") == ["company_name", "place_id"]
    assert fields("Title", "Account Name", "Last Name")[0] == "contact_role"


def test_a_url_beside_a_website_is_where_the_row_is_from():
    assert fields("url") == ["website"]
    assert fields("website", "url") == ["website", "source_url"]


def test_openstreetmap_columns():
    mapping = propose_mapping(["Name", "Type", "Subtype", "Arabic Name"])
    assert [(entry.field, entry.rank) for entry in mapping] == [
        ("company_name", 1), ("sector", 2), ("sector", 1), ("company_name_ar", 1)
    ]  # fmt: skip
    assert [entry.column for entry in ambiguous_columns(mapping)] == ["Type"]


def test_several_phones_all_count():
    mapping = propose_mapping(["Phone", "Mobile", "WhatsApp"])
    assert [(entry.field, entry.rank) for entry in mapping] == [("phone", 1), ("phone", 2), ("phone", 3)]
    assert ambiguous_columns(mapping) == []


def test_an_id_column_with_national_ids_is_sensitive():
    national_ids = [["1000000008"], ["2000000006"], ["1000000016"]]
    assert fields("ID", sample=national_ids) == ["sensitive_national_id"]
    assert fields("ID", sample=[["1000000001"], ["17"], ["x"]]) == [None]
    # Old registration numbers begin with 1 as well: the values alone prove nothing.
    assert fields("CR Number", sample=national_ids) == ["cr_number"]


def test_what_a_person_decides_wins():
    assert fields("Firma", "Phone", chosen={"Firma": "company_name", "Phone": None}) == [
        "company_name", None
    ]  # fmt: skip
    mapping = propose_mapping(["Company", "Firma"], (), {"Firma": "company_name"})
    assert [entry.rank for entry in mapping] == [2, 1]


def test_what_was_saved_for_the_source_comes_after_what_is_said_now():
    mapping = propose_mapping(
        ["Firma ", "Fon", "Ort", "Notiz", "NOTIZ"],
        (),
        {"Ort": None},
        {"firma": "company_name", "Fon": "phone", "Ort": "city", "notiz": "sector", "gone": "email"},
    )
    assert [(entry.field, entry.origin) for entry in mapping] == [
        ("company_name", "saved"), ("phone", "saved"), (None, "file"), (None, "none"), (None, "none")
    ]  # fmt: skip


def test_a_mapping_file(tmp_path):
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps({"firma": "company_name", "Note": None}), encoding="utf-8")
    assert read_mapping_file(path, ["Firma", "Note"]) == {"Firma": "company_name", "Note": None}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("not json", "as JSON"),
        ("[]", "one JSON object"),
        ('{"Nothing": "phone"}', "does not have"),
        ('{"Firma": "firm"}', "no field"),
    ],
)
def test_a_wrong_mapping_file_is_explained(tmp_path, text, sentence):
    path = tmp_path / "mapping.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageProblem, match=sentence):
        read_mapping_file(path, ["Firma"])


def test_every_alias_means_one_field_and_finds_it():
    with ALIASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    folded = [fold_header(row["alias"]) for row in rows]
    assert len(folded) == len(set(folded)) > 1_000
    assert all(folded)
