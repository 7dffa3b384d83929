"""Opt-outs: any spelling is the same subject, nothing unreadable is landed, nothing stands in clear."""

import pytest
from desk import Desk
from lake import Lake, write_csv

from python_jobs.landing.keyed_hash import HashKey, key_path
from python_jobs.suppress import NotASubject, mask_email, mask_phone, read_subjects
from python_jobs.warehouse.connection import open_writer

KEY = HashKey(b"a secret of this test only, thirty-two bytes long")
ASKED = ("--reason", "asked by phone", "--by", "Someone")


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    with open_writer(tmp_path_factory.mktemp("suppress") / "dealix.duckdb", "test") as connection:
        yield connection


@pytest.fixture
def empty(tmp_path, monkeypatch) -> Desk:
    lake = Lake(tmp_path)
    monkeypatch.setenv("DEALIX_WAREHOUSE", str(lake.path))
    return Desk(lake)


def events(desk: Desk) -> list[tuple]:
    return desk.lake.sql(
        "select event, kind, masked_display, reason, actor from raw.suppression_events order by all"
    )


@pytest.mark.parametrize(
    ("kind", "spelling", "same_as"),
    [
        ("phone", "٠٥٠١٢٣٤٥٦٧", "+966501234567"),
        ("phone", "00966 50 123 4567", "+966501234567"),
        ("phone", "\u202a+966 (0)50-123-4567\u202c", "+966501234567"),
        ("phone", "501234567.0", "+966501234567"),
        ("email", " INFO@Acme.SA ", "info@acme.sa"),
        ("email", "Ali <mailto:info@acme.sa>", "info@acme.sa"),
        ("domain", "https://www.ACME.sa/contact?x=1", "acme.sa"),
        ("domain", "shop.acme.sa", "acme.sa"),
    ],
)
def test_every_spelling_is_the_same_subject(connection, kind, spelling, same_as):
    found = read_subjects(connection, KEY, kind, spelling)
    expected = read_subjects(connection, KEY, kind, same_as)
    assert [subject.subject_hash for subject in found] == [subject.subject_hash for subject in expected]
    assert found[0].subject_hash is not None


def test_one_shop_on_a_shared_host_has_its_own_hash(connection):
    shop, other = (read_subjects(connection, KEY, "domain", f"https://salla.sa/{name}")[0] for name in "ab")
    assert shop.host_hash == other.host_hash
    assert shop.site_hash != other.site_hash


@pytest.mark.parametrize("host", ["facebook.com", "www.facebook.com", "m.facebook.com", "ar-ar.facebook.com"])
def test_a_page_is_the_same_on_every_host_of_a_network(connection, host):
    page = read_subjects(connection, KEY, "domain", f"https://{host}/Acme.SA?ref=x")[0]
    assert page.site_hash == read_subjects(connection, KEY, "domain", "facebook.com/acme.sa")[0].site_hash


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("0501234567", "phone"),
        ("someone@acme.sa", "email"),
        ("www.acme.sa", "domain"),
        ("acc_0123456789abcdef", "account"),
        ("ChIJN1t_tDeuEmsRUsoyG83frY4", "place_id"),
    ],
)
def test_a_kind_is_guessed_when_it_is_certain(connection, value, kind):
    assert [subject.kind for subject in read_subjects(connection, KEY, None, value)] == [kind]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "12"),
        ("phone", "someone@acme.sa"),
        ("phone", "0501234567 / 12"),
        ("email", "acme.sa"),
        ("email", "a@b..com"),
        ("domain", "someone@acme.sa"),
        ("domain", "169.254.169.254"),
        ("place_id", "Acme"),
        ("account", "acme"),
        ("fax", "0112345678"),
        (None, "Acme Trading"),
        (None, "0501234567 someone@acme.sa"),
        ("email", " \u200f "),
    ],
)
def test_what_cannot_be_read_is_refused(connection, kind, value):
    with pytest.raises(NotASubject):
        read_subjects(connection, KEY, kind, value)


def test_masks_are_recognisable_but_not_usable():
    assert mask_email("a.person@acme.sa") == "a***@acme.sa"
    assert mask_phone("+966501234567") == "+9665*****567"


def test_the_value_stands_nowhere_in_clear(empty):
    answer = empty.answer("suppress", "--email", "A.Person@Acme.sa", *ASKED)
    assert events(empty) == [("opt_out", "email", "a***@acme.sa", "asked by phone", "Someone")]
    assert answer["reaches"] is None, "no build yet, and none is needed"
    everything = str(empty.lake.sql("from raw.suppression_events")) + str(answer)
    assert "person" not in everything.lower()
    assert key_path(empty.lake.path).stat().st_mode & 0o777 == 0o600


def test_an_unreadable_value_is_status_2_and_lands_nothing(empty):
    refused = empty.answer("suppress", "--phone", "call me", *ASKED, status=2)
    assert "Nothing was recorded" in refused["error"]
    assert events(empty) == []
    empty.answer("suppress", "--phone", "0501234567", "--email", "a@acme.sa", *ASKED, status=2)
    empty.answer("suppress", "--phone", "0501234567", "--reason", " ", status=2)


def test_a_number_is_one_of_the_country_that_is_said(empty, tmp_path):
    told = empty.answer("suppress", "--phone", "050 123 4567", "--country", "ae", *ASKED)
    assert [landed["masked_display"] for landed in told["landed"]] == ["+9665*****567", "+9715*****567"]
    lines = ("Phone,Country", "55123456,", "0551234567,Saudi Arabia", "+96599123456,")
    file = write_csv(tmp_path / "list.csv", *lines)
    told = empty.answer("suppress", "--from-file", file, "--country", "QA", *ASKED)
    assert [landed["masked_display"] for landed in told["landed"]] == [
        "+9745****456", "+9665*****567", "+9659****456",
    ]  # fmt: skip
    assert (
        "Choose one of"
        in empty.answer("suppress", "--phone", "1", "--country", "FR", *ASKED, status=2)["error"]
    )


def test_every_line_of_a_file_is_accounted_for(empty, tmp_path):
    file = write_csv(
        tmp_path / "opt_outs.csv",
        "kind,value,reason",
        "phone,٠٥٠١٢٣٤٥٦٧,said stop",
        "email,Someone@Acme.sa,",
        "",
        "phone,not a number,",
        "carrier pigeon,acme.sa,",
        "domain,https://www.beta.sa/,",
    )
    answer = empty.answer("suppress", "--from-file", file, *ASKED, status=1)
    assert [entry["line"] for entry in answer["rejected"]] == [5, 6]
    assert events(empty) == [
        ("opt_out", "domain", "beta.sa", "asked by phone", "Someone"),
        ("opt_out", "email", "s***@acme.sa", "asked by phone", "Someone"),
        ("opt_out", "phone", "+9665*****567", "said stop", "Someone"),
    ]


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (("Mobile", "0501234567", "0551234567"), ["phone", "phone"]),
        (("Email,Phone", "a@acme.sa,0501234567", ",0551234567"), ["email", "phone", "phone"]),
        (("0501234567", "a@acme.sa"), ["email", "phone"]),
        (("الاسم;البريد الإلكتروني;السبب", "نورة;a@acme.sa;لا", "ب;b@acme.sa;"), ["email", "email"]),
        (("Name\tMobile No.\tEmail", "A\t0501234567\ta@acme.sa"), ["email", "phone"]),
    ],
)
def test_the_lists_that_people_have_are_read(empty, tmp_path, lines, kinds):
    empty.answer("suppress", "--from-file", write_csv(tmp_path / "list.csv", *lines), *ASKED)
    assert [event[1] for event in events(empty)] == kinds


def test_a_number_of_another_gulf_state_is_opted_out_there_and_at_home(empty, tmp_path):
    lines = ("Phone,Country", "0501234567,UAE", "22245678,الكويت", "0112345678,KSA")
    empty.answer("suppress", "--from-file", write_csv(tmp_path / "list.csv", *lines), *ASKED)
    masked = ["+9661*****678", "+9652****678", "+9665*****567", "+9715*****567"]
    assert sorted(event[2] for event in events(empty)) == sorted(masked)


def test_an_empty_or_missing_file_is_status_2(empty, tmp_path):
    empty.answer("suppress", "--from-file", write_csv(tmp_path / "empty.csv", ""), *ASKED, status=2)
    empty.answer("suppress", "--from-file", tmp_path / "none.csv", *ASKED, status=2)


def test_a_release_is_a_new_event_for_exactly_what_was_suppressed(empty):
    shop = ("--domain", "https://salla.sa/one-shop")
    empty.answer("suppress", *shop, *ASKED)
    empty.answer("suppress", "--phone", "0501234567", "--release", *ASKED, status=1)
    other = empty.answer("suppress", "--domain", "salla.sa", "--release", *ASKED, status=1)
    assert "salla.sa/one-shop" in other["error"]
    empty.answer("suppress", *shop, "--release", *ASKED)
    assert [event[0] for event in events(empty)] == ["opt_out", "release"]


def test_another_key_is_refused(empty):
    empty.answer("suppress", "--phone", "0501234567", *ASKED)
    key_path(empty.lake.path).write_text("f" * 64)
    refused = empty.answer("suppress", "--phone", "0551234567", *ASKED, status=3)
    assert "key" in refused["error"]
    assert len(events(empty)) == 1
