"""Website cells as they stand in real lists, and what must come out."""

import re
from pathlib import Path

import idna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from python_jobs.landing.parse_urls import parse_urls

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize(
    ("cell", "host", "registrable_domain", "first_path_segment"),
    [
        ("https://www.host.sa/", "host.sa", "host.sa", None),
        ("WWW.HOST.SA", "host.sa", "host.sa", None),
        ("host.com.sa", "host.com.sa", "host.com.sa", None),
        ("http://shop.host.com.sa:8080/a/b?c=d#e", "shop.host.com.sa", "host.com.sa", "a"),
        ("host.sa:8080/x", "host.sa", "host.sa", "x"),
        ("https:// www.host.sa", "host.sa", "host.sa", None),
        ("http//host.sa", "host.sa", "host.sa", None),
        ("http://https://host.sa", "host.sa", "host.sa", None),
        ("\u2066www.host.sa\u2069", "host.sa", "host.sa", None),
        ("host.sa.", "host.sa", "host.sa", None),
        ("host.sa (main site)", "host.sa", "host.sa", None),
        ("https://salla.sa/Acme/", "salla.sa", "salla.sa", "acme"),
        ("https://host.sa/%D8%A7%D9%81/x", "host.sa", "host.sa", "اف"),
        ("شركة.السعودية", "xn--ogbpi5d.xn--mgberp4a5d4ar", "xn--ogbpi5d.xn--mgberp4a5d4ar", None),
        ("acme.blogspot.com", "acme.blogspot.com", "acme.blogspot.com", None),
        ("www.ck", "www.ck", "www.ck", None),
        ("ｗｗｗ．ｈｏｓｔ．ｓａ", "host.sa", "host.sa", None),
        ("htp://host.sa", "host.sa", "host.sa", None),
        ("https//:host.sa", "host.sa", "host.sa", None),
        ("www,host.sa", "host.sa", "host.sa", None),
        ("host.sa\\", "host.sa", "host.sa", None),
        ("web:host.sa", "host.sa", "host.sa", None),
        ("الموقع الإلكتروني:www.host.sa", "host.sa", "host.sa", None),
        ("fb.com/Acme", "facebook.com", "facebook.com", "acme"),
        ("https://m.fb.com/acme", "m.facebook.com", "facebook.com", "acme"),
        ("twitter.com/acme", "x.com", "x.com", "acme"),
        ("https:&#x2F;&#x2F;host.sa/a?b=1&amp;c=2", "host.sa", "host.sa", "a"),
    ],
)
def test_one_address_in_any_spelling(cell, host, registrable_domain, first_path_segment):
    (found,) = parse_urls(cell)
    assert (found.is_valid, found.host, found.registrable_domain) == (
        True,
        host,
        registrable_domain,
    )
    assert found.first_path_segment == first_path_segment
    assert parse_urls(found.url)[0].host == host


@pytest.mark.parametrize(
    "cell",
    [
        "a.sa;b.sa",
        "a.sa, b.sa",
        "https://a.sa https://b.sa",
        "a.sa | b.sa",
        "a.sa\nb.sa",
        "www.a.sa/www.b.sa",
    ],
)
def test_every_address_of_a_cell_counts(cell):
    assert [(found.position, found.host) for found in parse_urls(cell)] == [
        (1, "a.sa"),
        (2, "b.sa"),
    ]


def test_an_address_inside_a_query_is_no_second_one():
    (found,) = parse_urls("https://host.sa/?to=http://other.sa/")
    assert found.host == "host.sa"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "empty"),
        (None, "empty"),
        ("-", "placeholder"),
        ("-.", "placeholder"),
        ("N/A", "placeholder"),
        ("not available.", "placeholder"),
        ("لا يوجد", "placeholder"),
        ("info@acme.sa", "email_not_url"),
        ("http://someone@gmail.com", "email_not_url"),
        ("حي الملقا", "not_a_url"),
        ("الرياض", "not_a_url"),
        ("P.O.Box 123", "not_a_url"),
        ("Dr.Ahmed", "unknown_suffix"),
        ("com.sa", "public_suffix"),
        ("http://localhost:80", "not_public_host"),
        ("http://printer/", "single_label"),
        ("http://printer.local", "not_public_host"),
        ("169.254.169.254", "ip_address"),
        ("http://169.254.169.254/latest/", "ip_address"),
        ("http://2130706433/", "ip_address"),
        ("http://0x7f000001/", "ip_address"),
        ("http://127.1", "ip_address"),
        ("http://[::1]/", "ip_address"),
        ("http://١٢٧.٠.٠.١/", "ip_address"),
        ("ftp://host.sa/", "unsupported_scheme"),
        ("http://user:word@host.sa/path", "user_in_url"),
        ("http://host.sa:99999/", "invalid_port"),
        ("a..b.sa", "invalid_host"),
        ("http://host.sa\\other.sa/", "invalid_host"),
    ],
)
def test_what_is_no_website_says_why(cell, reason):
    (found,) = parse_urls(cell)
    assert (found.is_valid, found.host, found.reject_reason) == (False, None, reason)


def suffix_vectors():
    text = (FIXTURES / "psl" / "test_psl.txt").read_text(encoding="utf-8")
    found = re.findall(r"^checkPublicSuffix\('(.*?)', (?:'(.*?)'|null)\);", text, re.MULTILINE)
    return [pytest.param(host, domain or None, id=host) for host, domain in found]


@pytest.mark.parametrize(("host", "registrable_domain"), suffix_vectors())
def test_the_public_suffix_list_vectors(host, registrable_domain):
    (found,) = parse_urls(host)
    wanted = idna.encode(registrable_domain, uts46=True).decode() if registrable_domain else None
    assert found.registrable_domain == wanted


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("htps:/.w@[]%0aسا-\\?#"), st.characters())))
def test_no_cell_crashes_the_parser(cell):
    for found in parse_urls(cell):
        assert found.is_valid == (found.host is not None) == (found.reject_reason is None)


def test_an_entity_is_one_with_its_semicolon():
    assert parse_urls("host.sa/?b=1&amp;copy=2")[0].url == "https://host.sa/?b=1&copy=2"
