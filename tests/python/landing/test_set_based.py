"""The set-based reading of plain values gives exactly what the parsers give, or leaves them the value."""

from pathlib import Path

import duckdb
import pytest
from messy_cells import WORDS, differences, example_numbers, messy_cells

from python_jobs.landing.keyed_hash import HashKey, sql_hash
from python_jobs.landing.set_based import phones
from python_jobs.landing.set_based.number_ranges import number_ranges

PSL_VECTORS = Path(__file__).parent / "fixtures" / "psl" / "test_psl.txt"


def test_every_example_number_of_every_region():
    unlike, read = differences(("phone", text) for text in example_numbers())
    assert unlike == []
    assert read["phone"] > 150


def test_the_ends_of_every_range_of_numbers():
    numbers = {
        number
        for first, last, _ in phones.types_of_numbers()
        for number in (first - 1, first, first + 1, last - 1, last, last + 1)
    }
    unlike, read = differences(("phone", f"+{number}") for number in sorted(numbers))
    assert unlike == []
    assert read["phone"] > 500


@pytest.mark.parametrize("pattern", ["(?!0)1", "1+", "[^1]2", "1.", "1{2"])
def test_what_is_no_pattern_of_numbers(pattern):
    with pytest.raises(ValueError, match="cannot be read"):
        number_ranges(pattern)


@pytest.mark.parametrize(
    ("pattern", "lengths", "ranges"),
    [
        (r"5(?:[013]\d|7[0-8])\d", (), [(5000, 5199), (5300, 5399), (5700, 5789)]),
        (r"80\d{1,3}", (3, 5), [(800, 809), (80000, 80999)]),
        (r"(?:00)?7\d", (), [(70, 79)]),
        (r"\d{2}|[5-9]", (), [(5, 99)]),
    ],
)
def test_ranges_of_a_pattern(pattern, lengths, ranges):
    assert number_ranges(pattern, lengths) == ranges


def test_messy_cells():
    unlike, read = differences(messy_cells(20_000, seed=3))
    assert unlike == []
    assert min(read.values()) > 150, "too little was read set-based to say anything"


def test_words_and_slips_in_every_column():
    unlike, _ = differences((field, word) for word in WORDS for field in ("phone", "email", "website"))
    assert unlike == []


def test_public_suffix_vectors():
    hosts = [
        line.split("'")[1] for line in PSL_VECTORS.read_text(encoding="utf-8").splitlines() if "'" in line
    ]
    unlike, read = differences(
        pair for host in hosts for pair in (("website", host), ("email", f"info@{host}"))
    )
    assert unlike == []
    assert read["website"] > 20 and read["email"] > 20


@pytest.mark.parametrize(
    ("cell", "e164", "phone_type"),
    [
        ("٠٥٠١٢٣٤٥٦٧", "+966501234567", "mobile"),
        ("00966 11 234 5678", "+966112345678", "landline"),
        ("+966 050 123 4567", "+966501234567", "mobile"),
        ("501234567.0", "+966501234567", "mobile"),
        ("\u202a+966 50 123 4567\u202c", "+966501234567", "mobile"),
        ("9200 12345", "+966920012345", "shared_cost"),
        ("800 124 0000", "+9668001240000", "toll_free"),
        ("+973 6678 5000", "+97366785000", "mobile"),
        ("+971 4 123 4567", None, None),
        ("+971 4 323 4567", "+97143234567", "landline"),
        ("050 - 1234567", None, None),
        ("0501234567 / 0112345678", None, None),
        ("9665012345678", None, None),
    ],
)
def test_what_is_read_without_the_parser(cell, e164, phone_type):
    with duckdb.connect() as connection:
        connection.execute(
            f"create temp table cells as select value, {phones.cleaned('value')} as plain from (select $cell as value)",
            {"cell": cell},
        )
        found = connection.execute(f"select e164, phone_type from ({phones.accepted('cells')})").fetchall()
    assert found == [(e164, phone_type)]


@pytest.mark.parametrize("secret", [b"short", b"x" * 64, b"y" * 65, bytes(range(1, 128))])
def test_the_hash_in_sql_is_the_hash(secret):
    key = HashKey(secret)
    with duckdb.connect() as connection:
        for text, expected in (("+966501234567", key.phone("+966501234567")), ("شركة", key.phone("شركة"))):
            found = connection.execute(
                "select " + sql_hash("'phone:' || $text::varchar"), {**key.sql_parameters(), "text": text}
            ).fetchone()
            assert found == (expected,)
