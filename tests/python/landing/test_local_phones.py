"""Numbers without a country code, in rows of other Gulf states."""

import duckdb
import pytest
from lake import Lake

from python_jobs.landing.local_phones import states_named
from python_jobs.landing.parse_phones import parse_phones

LEADS = (
    "Company,Mobile,Phone 2,Country,City\n"
    "Emirati,050 123 4567,04 323 4567,UAE,Dubai\n"
    "Kuwaiti,2224 5678 / 9912 3456,,دولة الكويت,\n"
    "Qatari,,4412 3456,,Doha\n"
    "Saudi,050 123 4567,011 234 5678,KSA,Riyadh\n"
    "Written whole,+966 50 123 4567,00966112345678,Bahrain,Manama\n"
    "Nowhere,2224 5678,,,\n"
    "By its code,055 765 4321,,+971,\n"
)


@pytest.fixture
def lake(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(LEADS, encoding="utf-8")
    lake = Lake(tmp_path)
    lake.import_list(path, "a_list")
    return lake


def readings(lake):
    return sorted(
        lake.sql(
            """
            select raw_value, dialled_in, e164 from raw.parsed_phones
            where is_valid and dialled_in <> 'SA' and phone_hash is not null
            order by raw_value, position
            """
        )
    )


EXPECTED = [
    ("04 323 4567", "AE", "+97143234567"),
    ("050 123 4567", "AE", "+971501234567"),
    ("055 765 4321", "AE", "+971557654321"),
    ("2224 5678 / 9912 3456", "KW", "+96522245678"),
    ("2224 5678 / 9912 3456", "KW", "+96599123456"),
    ("4412 3456", "QA", "+97444123456"),
]


def test_a_cell_is_read_in_the_country_of_its_row_as_well(lake):
    assert readings(lake) == EXPECTED
    # The reading at home stays beside it: the same cell stands in a Saudi row.
    at_home = lake.sql(
        "select e164 from raw.parsed_phones where raw_value = '050 123 4567' and dialled_in = 'SA'"
    )
    assert at_home == [("+966501234567",)]


def test_a_run_adds_the_readings_that_an_older_version_left_out(lake):
    with duckdb.connect(str(lake.path)) as connection:
        connection.execute("delete from raw.parsed_phones where dialled_in <> 'SA'")
        connection.execute("update raw.parsed_phones set dialled_in = null")
    lake.dealix("run")
    assert readings(lake) == EXPECTED
    built = lake.sql(
        """
        select rows.company_name, phones.phone_e164
        from normalised.lead_row_phones as phones
        inner join normalised.lead_rows as rows using (import_id, row_number)
        order by all
        """
    )
    assert built == [
        ("By its code", "+971557654321"),
        ("Emirati", "+97143234567"),
        ("Emirati", "+971501234567"),
        ("Kuwaiti", "+96522245678"),
        ("Kuwaiti", "+96599123456"),
        ("Nowhere", None),
        ("Qatari", "+97444123456"),
        ("Saudi", "+966112345678"),
        ("Saudi", "+966501234567"),
        ("Written whole", "+966112345678"),
        ("Written whole", "+966501234567"),
    ]


def test_a_list_says_where_its_rows_are_that_name_no_place(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(
        "Company,Mobile,City\nIn Dubai,050 123 4567,\nIn Riyadh,050 765 4321,Riyadh\nHere,+966 11 234 5678,\n",
        encoding="utf-8",
    )
    lake = Lake(tmp_path)
    assert "SA, AE, KW" in lake.import_list(path, "a_list", "--country", "EG", status=2)["error"]
    lake.import_list(path, "a_list", "--country", "ae")
    with duckdb.connect(str(lake.path)) as connection:
        connection.execute("delete from raw.parsed_phones where dialled_in <> 'SA'")
    lake.dealix("run")
    built = lake.sql("select company_name, country, phone_e164 from normalised.lead_rows order by all")
    assert built == [
        ("Here", "AE", "+966112345678"),
        ("In Dubai", "AE", "+971501234567"),
        ("In Riyadh", "SA", "+966507654321"),
    ]


@pytest.mark.parametrize(
    ("cell", "country", "e164"),
    [
        ("٠٥٠١٢٣٤٥٦٧", "AE", "+971501234567"),
        ("971501234567", "AE", "+971501234567"),
        ("96512345", "KW", "+96596512345"),
        ("966501234567", "OM", "+966501234567"),
        ("92345678", "OM", "+96892345678"),
        ("36123456.0", "BH", "+97336123456"),
    ],
)
def test_one_number(cell, country, e164):
    assert [phone.e164 for phone in parse_phones(cell, country) if phone.is_valid] == ([e164] if e164 else [])


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("الكويت", {"KW"}),
        ("AlFujairah", {"AE"}),
        ("Salmiya, Kuwait", {"KW"}),
        ("Jeddah", set()),
        ("Kingdom of Bahrain", {"BH"}),
        ("+971", {"AE"}),
        ("00965", {"KW"}),
        ("966", set()),
        ("", set()),
    ],
)
def test_states_that_a_text_names(text, states):
    assert states_named(text) == states
