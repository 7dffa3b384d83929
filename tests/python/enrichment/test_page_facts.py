"""What is taken from a page, and that no page can keep the fetcher busy."""

import time

import pytest

from python_jobs.enrichment.page_facts import page_facts
from python_jobs.enrichment.site_fetcher import FetchedPage

SIZE = 300_000


def facts(html: str) -> dict:
    return page_facts(FetchedPage("https://a.sa/", "https://a.sa/", "ok", 200, {}, html, "utf-8"), "home")


def seconds(html: str) -> float:
    began = time.process_time()
    facts(html)
    return time.process_time() - began


@pytest.fixture(scope="module")
def usual() -> float:
    plain = '<div><p><a href="/x">Dental clinic</a></p></div>'
    return min(seconds(plain * (SIZE // len(plain))) for _ in range(2))


@pytest.mark.parametrize(
    "part",
    ["<div>", "<DIV>", "<b>", "<script", "<!--", "<a href=x>", "a." * 32 + "@", "a" * 64 + "@", "1 ", "1-"],
)
def test_no_page_takes_much_longer_than_another_of_its_size(usual, part):
    assert seconds(part * (SIZE // len(part))) < 10 * usual


def test_what_stands_before_a_bottomless_part_and_an_unclosed_list_counts():
    items = "<ul>" + "<li>item<p>text" * 5_000 + "</ul>"
    script = "<script>" + "if(i<n)x();" * 2_000 + "</script>"
    page = (
        f'{script}<a href="tel:0112345601">call</a>{items}<a href="mailto:info@a.sa">m</a>'
        + "<div>" * 5_000
        + "x"
    )
    found = facts(page)
    assert (found["phones"], found["emails"]) == ("0112345601", "info@a.sa")
    assert found["linked_phones"] == "0112345601"
