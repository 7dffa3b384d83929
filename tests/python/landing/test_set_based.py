"""The set-based reading of plain values gives exactly what the parsers give, or leaves them the value."""

from pathlib import Path

import duckdb
import pytest
from messy_cells import WORDS, differences, example_numbers, messy_cells

from python_jobs.landing.keyed_hash import HashKey, sql_hash
from python_jobs.landing.set_based import phones

PSL_VECTORS = Path(__file__).parent / "fixtures" / "psl" / "test_psl.txt"


def test_every_example_number_of_every_region():
    unlike, read = differences(("phone", text) for text in example_numbers())
    assert unlike == []
    assert read["phone"] > 150


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
        ("+971 4 123 4567", None, None),
        ("+971 4 323 4567", "+97143234567", "landline"),
        ("050 - 1234567", None, None),
        ("0501234567 / 0112345678", None, None),
        ("9665012345678", None, None),
    ],
)
def test_what_is_read_without_the_parser(cell, e164, phone_type):
    marks, plain = phones.cleaning_table()
    with duckdb.connect() as connection:
        connection.execute(
            "create temp table cells as select $cell as value, translate($cell, $marks, $plain) as plain",
            {"cell": cell, "marks": marks, "plain": plain},
        )
        found = connection.execute(f"select e164, phone_type from ({phones.accepted('cells')})").fetchall()
    assert found == ([(e164, phone_type)] if e164 else [])


@pytest.mark.parametrize("secret", [b"short", b"x" * 64, b"y" * 65, bytes(range(1, 128))])
def test_the_hash_in_sql_is_the_hash(secret):
    key = HashKey(secret)
    with duckdb.connect() as connection:
        for text, expected in (("+966501234567", key.phone("+966501234567")), ("شركة", key.phone("شركة"))):
            found = connection.execute(
                "select " + sql_hash("'phone:' || $text::varchar"), {**key.sql_parameters(), "text": text}
            ).fetchone()
            assert found == (expected,)
