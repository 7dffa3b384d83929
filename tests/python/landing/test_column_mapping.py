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
        ("Name of the Establishment", "company_name"),
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
        ("Phone (Office)", "phone"),
        ("رقم الجوال (واتساب)", "phone"),
        ("Phone (Fax)", None),
        ("Phone (do not call)", "opt_out"),
        ("Number (Iqama)", "sensitive_national_id"),
        ("Name (owner)", None),
        ("companyPhone", "phone"),
        ("هاتف الفرع الرئيسي", "phone"),
        ("Fax", None),
        ("Phone / Fax", None),
        ("رقم الفاكس", None),
        ("البريد الإلكترونى", "email"),
        ("E-Mail Address", "email"),
        ("Clinic E-mail", "email"),
        ("Email [work]", "email"),
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
        ("عدم الإزعاج", "opt_out"),
        ("لا يرغب في استلام الرسائل", "opt_out"),
        ("هل لديك مانع من التواصل؟", "opt_out"),
        ("Do you want to be contacted?", "opt_in"),
        ("Person - Marketing status", "opt_in"),
        ("Address 1: Street 1", "address"),
        ("Religious Affiliation", "sensitive_other"),
        ("رقم الهوية", "sensitive_national_id"),
        ("Owner Iqama No", "sensitive_national_id"),
        ("الديانة", "sensitive_other"),
        ("Patient diagnosis", "sensitive_other"),
        ("Health Center Name", None),
        ("Verified", None),
        ("Hotel Email", "email"),
        ("HasOptedOutOfFax", "opt_out"),
        ("Do not allow Bulk Emails", "opt_out"),
        ("UNSUB_TIME", "opt_out"),
        ("Consent to be contacted", "opt_in"),
        ("موافقة على التواصل", "opt_in"),
        ("Lead Status", "contact_status"),
        ("حالة العميل", "contact_status"),
        ("Status Reason", None),
        ("هل توافق على استقبال الرسائل؟", "opt_in"),
        ("هل ترغب باستقبال عروضنا", "opt_in"),
        ("Do you agree to receive emails?", "opt_in"),
        ("هل ترغب في حضور الورشة", None),
        ("properties.company", "company_name"),
        ("fields.Company Name", "company_name"),
        ("properties.hs_email_optout", "opt_out"),
        ("properties.id", None),
        ("Government ID Number", "sensitive_national_id"),
        ("هوية مالك المنشأة", "sensitive_national_id"),
        ("business_status", "business_status"),
        ("permanentlyClosed", "business_status"),
        ("حالة السجل التجاري", "business_status"),
        ("مغلق", "business_status"),
        ("E-mail 1 - Value", "email"),
        ("names.primary", "company_name"),
        ("Owner ID", None),
        ("x" * 10_000_000, None),
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


def test_a_name_that_comes_twice_is_as_doubtful_as_one():
    assert fields("Name", "Name_2", "Phone") == ["company_name", "company_name", "phone"]
    assert fields("Name", "City", "Name_2", "Job Title") == ["contact_name", "city", None, "contact_role"]
    assert fields("Company", "Name", "Name_2") == ["company_name", "contact_name", None]


def test_a_customer_is_a_person_only_beside_a_company():
    assert fields("Customer Name", "Phone") == ["company_name", "phone"]
    assert fields("اسم العميل", "اسم المنشأة") == ["contact_name", "company_name"]
    empty = [["Acme", "", "0501234567"]] * 3
    assert fields("Customer Name", "Company", "Phone", sample=empty)[0] == "company_name"


def test_a_title_is_the_company_on_a_map_and_a_role_in_a_crm():
    assert fields("title", "placeId") == ["company_name", "place_id"]
    assert fields("Title", "Account Name", "Last Name")[0] == "contact_role"


def test_a_title_beside_the_owner_of_a_place_is_its_name():
    assert fields("title", "category", "owner", "place_id")[::2] == ["company_name", "contact_name"]
    titles = [["Sales Manager", "A"], ["مدير عام", "B"]]
    assert fields("Title", "Owner", sample=titles) == [None, "contact_name"]
    assert fields("Title", "First Name", "Company", sample=[["Mr.", "Ali", "Acme"]] * 3)[0] is None
    assert fields("Company", "Title", "Seniority", "Last Name")[1] == "contact_role"


def test_a_name_in_one_more_language_is_the_same_name():
    osm = ["name", "name:en", "name:ar", "shop", "phone"]
    rows = [[f"متجر {n}", f"Shop {n}" if n < 3 else "", "", "bakery", "0112345678"] for n in range(20)]
    mapping = propose_mapping(osm, rows)
    assert [(entry.field, entry.rank) for entry in mapping[:4]] == [
        ("company_name", 1), ("company_name", 2), ("company_name_ar", 1), ("sector", 1)
    ]  # fmt: skip
    names = [[f"متجر {n}", f"05012345{n:02}"] for n in range(20)]
    assert fields("Shop", "Phone", sample=names) == ["company_name", "phone"]


def test_an_empty_column_says_nothing():
    odoo = ["name", "company_name", "function", "phone"]
    assert fields(*odoo, sample=[["Acme", "", "", "0501234567"]] * 3)[0] == "company_name"
    assert fields(*odoo, sample=[["Ali", "Acme", "CEO", "0501234567"]] * 3)[:2] == [
        "contact_name", "company_name"
    ]  # fmt: skip
    mapping = propose_mapping(["City", "Town"], [["", "Jeddah"]] * 9 + [["Riyadh", "Riyadh"]])
    assert [entry.rank for entry in mapping] == [2, 1]


def test_the_user_of_a_crm_is_nobody_of_the_company():
    assert fields("Company", "Last Name", "Owner") == ["company_name", "contact_last_name", None]
    few = [[f"Firm {n}", "Our Own Seller"] for n in range(20)]
    assert fields("Company", "Owner", sample=few) == ["company_name", None]
    many = [[f"Firm {n}", f"Owner {n}"] for n in range(20)]
    assert fields("Company", "Owner", sample=many) == ["company_name", "contact_name"]
    assert fields("Name", "Company", "Owner") == ["contact_name", "company_name", None]


@pytest.mark.parametrize("header", ["الموقع", "Location", "Link", "الرقم", "contact info"])
@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (["www.acme.sa", "https://beta.com/ar", "-"], "website"),
        (["info@acme.sa", "sales@beta.com", "x"], "email"),
        (["050 123 4567", "٠١١٢٣٤٥٦٧٨", ""], "phone"),
        (["https://maps.app.goo.gl/xYz1", "https://www.google.com/maps/place/A"], "source_url"),
        (["https://www.linkedin.com/in/a-person", "linkedin.com/in/b"], "source_url"),
        (["24.7136, 46.6753", "21.4858,39.1925"], None),
    ],
)
def test_a_header_that_leaves_it_open_means_what_its_cells_hold(header, cells, field):
    assert fields(header, sample=[[cell] for cell in cells]) == [field]


def test_a_location_that_is_none_of_these_is_a_place():
    assert fields("الموقع", sample=[["الرياض"], ["جدة"]]) == ["city"]
    street = "حي العليا، شارع الملك فهد، مبنى 12"
    assert fields("الموقع", sample=[[street]]) == ["address"]
    assert fields("الرقم", sample=[["1"], ["2"], ["3"]]) == [None]


def test_a_page_is_no_website_of_the_company():
    people = [["Ali", "https://www.linkedin.com/in/ali-a"]] * 3
    assert fields("First Name", "URL", sample=people)[1] == "source_url"
    assert fields("Website", sample=[["https://maps.google.com/?cid=1"]]) == ["source_url"]
    assert fields("Website", sample=[["linkedin.com/company/acme"]]) == ["linkedin_url"]


def test_a_header_that_only_ends_like_one_is_held_to_its_cells():
    assert fields("Has Valid Email", sample=[["TRUE"], ["FALSE"], ["TRUE"]]) == [None]
    assert fields("Hotel Email", sample=[["a@b.sa"], ["x"], ["y"]]) == ["email"]
    assert fields("Email", sample=[["TRUE"], ["FALSE"], ["TRUE"]]) == ["email"]


@pytest.mark.parametrize(
    "header", ["Owner ID", "Manager No.", "رقم المالك", "Customer No", "الرقم", "client_id"]
)
def test_ids_of_people_are_known_by_their_check_digit(header):
    some = ["1000000008", "2000000006", "١٠٠٠٠٠٠٠١٦", "17", ""]
    assert fields(header, sample=[[value] for value in some]) == ["sensitive_national_id"]
    by_chance = [[str(1_010_000_000 + n)] for n in range(40)]
    assert fields(header, sample=by_chance) == [None]


@pytest.mark.parametrize("header", ["Country Code", "Phone Country Code", "مفتاح الدولة"])
def test_the_country_code_of_a_number_tells_the_country(header):
    assert fields(header, "Phone", sample=[["+971", "501234567"]]) == ["country", "phone"]


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
    mapping = propose_mapping(["Mobile", "Phone"], [["", "0112345678"]] * 3)
    assert [entry.rank for entry in mapping] == [1, 2]
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
