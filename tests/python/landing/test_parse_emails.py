"""Email cells as they stand in real lists, and what must come out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from python_jobs.landing.parse_emails import parse_emails


@pytest.mark.parametrize(
    ("cell", "email", "registrable_domain"),
    [
        ("info@acme.sa", "info@acme.sa", "acme.sa"),
        ("Info@Acme.SA", "info@acme.sa", "acme.sa"),
        ("\u202ainfo@acme.sa\u202c", "info@acme.sa", "acme.sa"),
        ("info@acme.sa\u200f", "info@acme.sa", "acme.sa"),
        ("mailto:info@acme.sa?subject=Hi", "info@acme.sa", "acme.sa"),
        ("email: info@acme.sa", "info@acme.sa", "acme.sa"),
        ("info@acme.sa.", "info@acme.sa", "acme.sa"),
        ("info@acme.sa,", "info@acme.sa", "acme.sa"),
        ("info&#64;acme.sa&nbsp;", "info@acme.sa", "acme.sa"),
        ("Ahmed <info@acme.sa>", "info@acme.sa", "acme.sa"),
        ("http://info@acme.sa", "info@acme.sa", "acme.sa"),
        ("info@mail.acme.com.sa", "info@mail.acme.com.sa", "acme.com.sa"),
        (
            "info@شركة.السعودية",
            "info@xn--ogbpi5d.xn--mgberp4a5d4ar",
            "xn--ogbpi5d.xn--mgberp4a5d4ar",
        ),
        ("a.b+c@acme.example", "a.b+c@acme.example", "acme.example"),
        ("mailto:info%40acme.sa", "info@acme.sa", "acme.sa"),
        ("ｉｎｆｏ＠ａｃｍｅ．ｓａ", "info@acme.sa", "acme.sa"),
        ("البريد الإلكتروني:info@acme.sa", "info@acme.sa", "acme.sa"),
        ("Ahmed<info@acme.sa>", "info@acme.sa", "acme.sa"),
        ("customer/department=shipping@acme.sa", "customer/department=shipping@acme.sa", "acme.sa"),
        ("معلومات@acme.sa", "معلومات@acme.sa", "acme.sa"),
        ("(sales)info@acme.sa", "info@acme.sa", "acme.sa"),
        ("info@acme.sa(المبيعات).", "info@acme.sa", "acme.sa"),
        ("0501234567/info@acme.sa", "info@acme.sa", "acme.sa"),
        ("acme.com.sa/info@acme.sa", "info@acme.sa", "acme.sa"),
        ("“info@acme.sa”", "info@acme.sa", "acme.sa"),
        ("«info@acme.sa»", "info@acme.sa", "acme.sa"),
        ("info@acme.sa’", "info@acme.sa", "acme.sa"),
        ("•info@acme.sa", "info@acme.sa", "acme.sa"),
        ("● info@acme.sa", "info@acme.sa", "acme.sa"),
        ("✉️info@acme.sa", "info@acme.sa", "acme.sa"),
    ],
)
def test_one_address_in_any_spelling(cell, email, registrable_domain):
    (found,) = parse_emails(cell)
    assert (found.is_valid, found.email, found.registrable_domain) == (
        True,
        email,
        registrable_domain,
    )
    assert f"{found.local_part}@{found.email_domain}" == email


@pytest.mark.parametrize("separator", [";", "; ", ",", ", ", " / ", "/", "|", "\n", " ", "، "])
def test_every_address_of_a_cell_counts(separator):
    read = parse_emails(f"a@acme.sa{separator}b@acme.sa")
    assert [(found.position, found.email) for found in read] == [(1, "a@acme.sa"), (2, "b@acme.sa")]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "empty"),
        (None, "empty"),
        ("-", "placeholder"),
        ("n/a", "placeholder"),
        ("not available.", "placeholder"),
        ("noemail@noemail.com", "placeholder"),
        ("www.acme.sa", "no_address"),
        ("0501234567", "no_address"),
        ("https://instagram.com/@acme", "no_address"),
        ("a@b..com", "invalid_syntax"),
        ("@acme.sa", "invalid_syntax"),
        ("info@acme", "invalid_syntax"),
        ("info @acme.sa", "invalid_syntax"),
        ("a@b@acme.sa", "invalid_syntax"),
        ("a@169.254.169.254", "invalid_syntax"),
        ("a@com.sa", "public_suffix"),
        # Never another mailbox than the one that was written.
        ("!#$%&'*+-/=?^_`{|}~@acme.sa", "invalid_syntax"),
        ('"john doe"@acme.sa', "invalid_syntax"),
        ('"a@b"@acme.sa', "invalid_syntax"),
        ("john(comment)@acme.sa", "invalid_syntax"),
        ("info@(comment)acme.sa", "invalid_syntax"),
        ("ahmed . ali@acme.sa", "invalid_syntax"),
        ("info@acme.co\u2009m", "invalid_syntax"),
        ("user:word@acme.sa", "invalid_syntax"),
        ("x" * 65 + "@acme.sa", "invalid_syntax"),
        ("info@[IPv6:::1]", "invalid_syntax"),
        ("info@mysite.com", "placeholder"),
        ("yourname@domain.com", "placeholder"),
        ("a@acme.nosuchsuffix", "unknown_suffix"),
    ],
)
def test_what_is_no_address_says_why(cell, reason):
    (found,) = parse_emails(cell)
    assert (found.is_valid, found.email, found.reject_reason) == (False, None, reason)


@pytest.mark.parametrize(
    ("email", "is_free_mail", "is_disposable"),
    [
        ("a@gmail.com", True, False),
        ("a@hotmail.sa", True, False),
        ("a@yahoo.com.sa", True, False),
        ("a@acme.com.sa", False, False),
        # A slip of the finger makes no company.
        ("a@gmail.com.sa", True, False),
        ("a@hotmail.co", True, False),
        ("a@yahoo.ae", True, False),
        ("a@emirates.net.ae", True, False),
        ("a@tuta.io", True, False),
        ("a@yopmail.com", True, True),
    ],
)
def test_free_and_disposable_mail(email, is_free_mail, is_disposable):
    (found,) = parse_emails(email)
    assert (found.is_free_mail, found.is_disposable) == (is_free_mail, is_disposable)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("ab@.;,<> /\u2066:?"), st.characters())))
def test_no_cell_crashes_the_parser(cell):
    for found in parse_emails(cell):
        assert found.is_valid == (found.email is not None) == (found.reject_reason is None)
