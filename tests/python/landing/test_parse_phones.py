"""Phone cells as they stand in real lists, and what must come out."""

import csv
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from python_jobs.landing.parse_phones import PHONE_TYPES, parse_phones

FIXTURES = Path(__file__).parent / "fixtures"

MOBILE, SECOND, LANDLINE = "+966501234567", "+966551234567", "+966112345678"

ONE_NUMBER = {
    "+966501234567": MOBILE,
    "+966 050 123 4567": MOBILE,
    "00966501234567": MOBILE,
    "00966 050 123 4567": MOBILE,
    "966501234567": MOBILE,
    "501234567": MOBILE,
    "0501234567": MOBILE,
    "050-123-4567": MOBILE,
    "050 - 123 - 4567": MOBILE,
    "(050) 123.4567": MOBILE,
    "٠٥٠١٢٣٤٥٦٧": MOBILE,
    "۰۵۰۱۲۳۴۵۶۷": MOBILE,
    "\uff0b\uff19\uff16\uff16\uff15\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17": MOBILE,
    "501234567.0": MOBILE,
    "966501234567.0": MOBILE,
    "9.66501234567E+11": MOBILE,
    "\u2066+966 50 123 4567\u2069": MOBILE,
    "\u200e+966\u00a050\u00a0123\u00a04567\u200f": MOBILE,
    "050&nbsp;123&nbsp;4567": MOBILE,
    "&#43;966&#45;50 123 4567": MOBILE,
    "966501234567+": MOBILE,
    "+00966501234567": MOBILE,
    "++966501234567": MOBILE,
    "(+966) 50 1234567": MOBILE,
    "tel:+966-50-123-4567": MOBILE,
    "جوال: ٠٥٠١٢٣٤٥٦٧": MOBILE,
    "Mobile 0501234567": MOBILE,
    "0501234567 (WhatsApp)": MOBILE,
    "0501234567 Ahmed": MOBILE,
    "'0501234567": MOBILE,
    "112345678": LANDLINE,
    "011/2345678": LANDLINE,
    "920001234": "+966920001234",
    "9200 01234": "+966920001234",
    "+966 92 000 1234": "+966920001234",
    "8001234567": "+9668001234567",
    "+971 50 123 4567": "+971501234567",
    "https://wa.me/966501234567": MOBILE,
    "wa.me/+966501234567?text=Hello": MOBILE,
    "https://api.whatsapp.com/send?phone=966501234567&text=Hi": MOBILE,
    "https://api.whatsapp.com/send/?text=Hi&phone=%2B966501234567&app_absent=0": MOBILE,
    "whatsapp://send?phone=966501234567": MOBILE,
    "966501234567@c.us": MOBILE,
    "tel://+966501234567": MOBILE,
    "tel:050-123-4567;phone-context=+966": MOBILE,
    "tel:+966-50-123-4567;isub=12": MOBILE,
    "https://wa.me/971501234567": "+971501234567",
    "00966+501234567": MOBILE,
    "Tel/Fax: 011 234 5678": LANDLINE,
    "هاتف وفاكس: ٠١١٢٣٤٥٦٧٨": LANDLINE,
    "تلفاكس: 0112345678": LANDLINE,
    "Mobile 1: 0501234567": MOBILE,
    "971501234567": "+971501234567",
    "965 2222 3333": "+96522223333",
    "(974) 4444-5555": "+97444445555",
    "97317223344.0": "+97317223344",
    "24/7 0501234567": MOBILE,
    "(966+) 50 123 4567": MOBILE,
    "50 123 4567 966+": MOBILE,
    "٥٠١٢٣٤٥٦٧ (٩٦٦+)": MOBILE,
    "0966501234567": MOBILE,
    "0971-50-123-4567": "+971501234567",
    "050_123_4567": MOBILE,
    "0112345678 5 خطوط": LANDLINE,
    "0112345678 5 lines": LANDLINE,
    "Tel: 0112345678 Fax:": LANDLINE,
    "Tel 0112345678 Fax": LANDLINE,
}


@pytest.mark.parametrize(("cell", "e164"), ONE_NUMBER.items())
def test_one_number_in_any_spelling(cell, e164):
    (phone,) = parse_phones(cell)
    assert (phone.is_valid, phone.e164, phone.reject_reason) == (True, e164, None)
    assert (phone.raw_value, phone.position) == (cell, 1)


@pytest.mark.parametrize(
    "cell",
    [
        "0501234567;0551234567",
        "0501234567 / 0551234567",
        "0501234567/0551234567",
        "0501234567, 0551234567",
        "0501234567،0551234567",
        "0501234567 - 0551234567",
        "0501234567\n0551234567",
        "0501234567 او 0551234567",
        "0501234567 و0551234567",
        "0501234567و0551234567",
        "0501234567 او0551234567",
        "0501234567 أو 0551234567",
        "0501234567 or 0551234567",
        "0501234567 & 0551234567",
        "0501234567 0551234567",
        "+966 50 123 4567 +966 55 123 4567",
        "+966501234567+966551234567",
        "Tel: 0501234567 Mobile: 0551234567",
        "0501234567-0551234567",
        "050-123-4567-055-123-4567",
        "1) 0501234567 2) 0551234567",
        "1- ٠٥٠١٢٣٤٥٦٧  2- ٠٥٥١٢٣٤٥٦٧",
        "Mobile 1: 0501234567, Mobile 2: 0551234567",
        "https://wa.me/966501234567 - 0551234567",
    ],
)
def test_every_number_of_a_cell_counts(cell):
    assert [(phone.position, phone.e164) for phone in parse_phones(cell)] == [
        (1, MOBILE),
        (2, SECOND),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "0112345678 ext 12",
        "0112345678 ext. 12",
        "0112345678x12",
        "0112345678 Ext:12",
        "0112345678 #12",
        "0112345678;ext=12",
        "0112345678 تحويلة 12",
        "٠١١٢٣٤٥٦٧٨ تحويلة ١٢",
    ],
)
def test_an_extension_stays_an_extension(cell):
    (phone,) = parse_phones(cell)
    assert (phone.e164, phone.extension, phone.phone_type) == (LANDLINE, "12", "landline")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        (None, "empty"),
        ("-", "placeholder"),
        ("n/a", "placeholder"),
        ("لا يوجد", "placeholder"),
        ("حي الملقا", "no_digits"),
        ("9.66501E+11", "precision_lost"),
        ("5.01E+08", "precision_lost"),
        ("50123456.7", "decimal_number"),
        ("9665012345678", "invalid_number"),
        ("1234567890", "invalid_number"),
        ("0000000000", "invalid_number"),
        ("4037357", "too_short"),
        ("05O1234567", "letters_in_number"),
        ("800FLOWERS", "letters_in_number"),
        ("Fax: 0112345678", "fax_number"),
        ("فاكس 0112345678", "fax_number"),
        ("www.acme0501234567.sa", "url_not_phone"),
        ("https://wa.me/message/ABCDEF1234567", "url_not_phone"),
        ("https://wa.me/9665012345678901234567", "url_not_phone"),
        ("966 5x xxx xxxx", "letters_in_number"),
        ("+966 13 8xx xxxx", "letters_in_number"),
        ("ف: ٠١١٢٣٤٥٦٧٨", "fax_number"),
        ("0112345678 (fax)", "fax_number"),
        ("٠١١٢٣٤٥٦٧٨ فاكس", "fax_number"),
        ("acme.sa/0501234567", "url_not_phone"),
        ("a0501234567@acme.sa", "email_not_phone"),
    ],
)
def test_what_is_no_phone_says_why(cell, reason):
    (phone,) = parse_phones(cell)
    assert (phone.is_valid, phone.e164, phone.reject_reason) == (False, None, reason)


@pytest.mark.parametrize(
    "cell",
    [
        "Tel: 0112345678 Fax: 0112345679",
        "Tel:0112345678Fax:0112345679",
        "T 0112345678 / F 0112345679",
        "ت/0112345678 ف/0112345679",
        "0112345678 tel / 0112345679 fax",
        "0112345678 (Tel) 0112345679 (Fax)",
        "0112345678، 0112345679 فاكس",
    ],
)
def test_a_fax_beside_a_phone_is_left_out(cell):
    read = parse_phones(cell)
    assert [(phone.e164, phone.reject_reason) for phone in read] == [
        (LANDLINE, None),
        (None, "fax_number"),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "0112345678/9",
        "0112345678-9",
        "011-2345678-79",
        "0112345678 (101)",
        "0112345678 (4 lines)",
        "0112345678-101",
    ],
)
def test_the_last_digits_of_a_second_line_do_not_spoil_the_first(cell):
    assert [(phone.e164, phone.reject_reason) for phone in parse_phones(cell)] == [
        (LANDLINE, None),
        (None, "too_short"),
    ]


def test_every_example_number_of_the_library_is_read_as_the_library_reads_it():
    formats = (
        phonenumbers.PhoneNumberFormat.E164,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        phonenumbers.PhoneNumberFormat.RFC3966,
    )
    examples = [
        example
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for number_type in phonenumbers.PhoneNumberType.values()
        if (example := phonenumbers.example_number_for_type(region, number_type))
    ]
    examples += map(
        phonenumbers.example_number_for_non_geo_entity, phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    )
    texts = [phonenumbers.format_number(example, form) for example in examples for form in formats]
    assert len(texts) > 4000
    for text in texts:
        number = phonenumbers.parse(text, "SA")
        (phone,) = parse_phones(text)
        assert (phone.e164, phone.region, phone.phone_type) == (
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
            phonenumbers.region_code_for_number(number),
            PHONE_TYPES.get(phonenumbers.number_type(number), "other"),
        ), text


def test_digits_are_not_joined_into_a_number_nobody_wrote():
    assert not any(phone.is_valid for phone in parse_phones("1123456 / 78"))
    assert not any(phone.is_valid for phone in parse_phones("05012345, 67"))


TYPES = {
    "FIXED_LINE": "landline",
    "MOBILE": "mobile",
    "TOLL_FREE": "toll_free",
    "SHARED_COST": "shared_cost",
    "PREMIUM_RATE": "premium_rate",
    "UAN": "uan",
    "VOIP": "voip",
}


def example_numbers():
    with (FIXTURES / "phones" / "example_numbers_gcc.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("example", example_numbers(), ids=lambda row: f"{row['region']}-{row['type']}")
def test_the_example_numbers_of_the_gulf(example):
    written = [example["international"], example["e164"]]
    if example["region"] == "SA":
        written += [example["national"], example["national_significant_number"]]
    for text in filter(None, written):
        (phone,) = parse_phones(text)
        if example["type"] == "INVALID":
            assert not phone.is_valid
            continue
        assert (phone.e164, phone.region) == (example["e164"], example["region"])
        assert phone.phone_type == TYPES.get(example["type"], phone.phone_type)


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("0123456789+-()/;,. xe٠١٥٩\u2066\u00a0@اوor"), st.characters())
    )
)
def test_no_cell_crashes_the_parser(cell):
    read = parse_phones(cell)
    assert [phone.position for phone in read] == list(range(1, len(read) + 1))
    for phone in read:
        assert phone.is_valid == (phone.e164 is not None) == (phone.reject_reason is None)


@pytest.mark.parametrize("cell", ["x" * 300_000, "1a" * 150_000, "0" + " " * 300_000 + "5"])
def test_a_page_of_text_is_no_phone_and_takes_no_hour(cell):
    assert [number.reject_reason for number in parse_phones(cell)] == ["too_long"]
