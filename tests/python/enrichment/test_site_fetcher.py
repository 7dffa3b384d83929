"""The fetcher against a real server on this machine that behaves as badly as sites do."""

import asyncio
import gzip
import itertools
import time
import tracemalloc

import pytest
from local_web import LocalWeb, answer, local_web

from python_jobs.enrichment.public_address import Reach
from python_jobs.enrichment.robots_rules import read_robots
from python_jobs.enrichment.site_fetcher import FetchPolicy, SiteFetcher, decode_page

QUICK = FetchPolicy(host_delay=0, connect_timeout=1, read_timeout=0.5, total_timeout=1, page_bytes=200_000)
ARABIC = (
    "<html><head>{meta}</head><body>شركة الاختبار للتجارة: عيادات أسنان في الرياض، نوظف الآن</body></html>"
)


@pytest.fixture
def web():
    with local_web() as server:
        yield server


def fetch(web: LocalWeb, *urls: str, policy: FetchPolicy = QUICK):
    """The pages, asked for at once by one fetcher."""

    async def all_of_them():
        async with SiteFetcher("test@dealix.example", policy, web.reach()) as fetcher:
            return await asyncio.gather(*(fetcher.fetch(url) for url in urls))

    pages = asyncio.run(all_of_them())
    return pages[0] if len(urls) == 1 else pages


def test_a_page_with_its_headers_and_who_asked(web):
    web.pages[("acme.sa", "/")] = answer("<p>hello", Server="nginx", Set_Cookie="salla_id=secret; Path=/")
    page = fetch(web, web.url("acme.sa"))
    assert (page.outcome, page.status, page.text) == ("ok", 200, "<p>hello")
    assert page.headers["server"] == "nginx"
    assert page.headers["set-cookie"] == "salla_id", "a cookie's value is nobody's business"
    assert web.paths() == ["/robots.txt", "/"]
    assert web.log[1].headers["user-agent"] == "dealixbot/1.0 (+test@dealix.example)"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, "User-agent: *\nDisallow: /", "robots_disallowed"),
        (200, "User-agent: DealixBot\nDisallow: /\n\nUser-agent: *\nAllow: /", "robots_disallowed"),
        (200, "User-agent: *\nDisallow: /\nAllow: /$", "ok"),
        (200, "<html>not a robots file</html>", "ok"),
        (404, "", "ok"), (403, "", "ok"), (410, "", "ok"),
        (429, "", "robots_status_429"), (500, "", "robots_status_500"), (503, "", "robots_status_503"),
    ],
)  # fmt: skip
def test_robots(web, status, body, outcome):
    web.pages[("acme.sa", "/robots.txt")] = answer(body, status, "text/plain")
    web.pages[("acme.sa", "/")] = answer("<p>hello")
    assert fetch(web, web.url("acme.sa")).outcome == outcome
    assert web.paths() == (["/robots.txt", "/"] if outcome == "ok" else ["/robots.txt"])


def test_robots_without_an_answer_or_behind_too_many_redirects(web):
    async def hang_up(asked, writer):
        writer.close()

    web.pages[("dead.sa", "/robots.txt")] = hang_up
    web.pages[("loop.sa", "/robots.txt")] = answer("", 301, Location="/robots.txt")
    web.pages[("*", "/")] = answer("<p>hello")
    dead, loop = fetch(web, web.url("dead.sa"), web.url("loop.sa"))
    assert (dead.outcome, loop.outcome) == ("robots_unreachable", "ok")
    assert read_robots(None, b"").allows("https://a.sa/", "DealixBot") is False


def test_a_redirect_is_checked_hop_by_hop(web):
    web.pages[("a.sa", "/")] = answer("", 302, Location=f"http://b.sa:{web.port}/x")
    web.pages[("b.sa", "/robots.txt")] = answer("User-agent: *\nDisallow: /x", 200, "text/plain")
    web.pages[("c.sa", "/")] = answer("", 301, Location="http://169.254.169.254/latest/meta-data/")
    web.pages[("d.sa", "/")] = answer("", 307, Location="file:///etc/passwd")
    web.pages[("e.sa", "/")] = answer("", 301, Location="/")
    web.pages[("f.sa", "/")] = answer("", 301, Location="/home")
    web.pages[("f.sa", "/home")] = answer("<p>home")
    outcomes = [fetch(web, web.url(host)).outcome for host in ("a.sa", "b.sa", "c.sa", "d.sa", "e.sa")]
    assert outcomes == ["robots_disallowed", "http_404", "not_public_address", "scheme", "too_many_redirects"]
    home = fetch(web, web.url("f.sa"))
    assert (home.outcome, home.text, home.final_url) == ("ok", "<p>home", web.url("f.sa", "/home"))


def test_a_name_that_turns_inward_between_two_connections_is_refused(web):
    web.pages[("*", "/")] = answer("<p>hello")
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def rebinding(host, port):
        return next(answers)

    async def run():
        reach = Reach(rebinding, lambda address: str(address) == "127.0.0.1", ports=None)
        async with SiteFetcher("test@dealix.example", QUICK, reach) as fetcher:
            return await fetcher.fetch(web.url("acme.sa"))

    assert asyncio.run(run()).outcome == "not_public_address"
    assert web.paths() == ["/robots.txt"]


def test_a_body_of_two_gigabytes_stops_at_the_cap(web):
    sent = 0

    async def endless(asked, writer):
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2147483648\r\n\r\n")
        while sent < 2_147_483_648:
            writer.write(b"x" * 65_536)
            await writer.drain()
            sent += 65_536

    web.pages[("big.sa", "/")] = endless
    tracemalloc.start()
    page = fetch(web, web.url("big.sa"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (page.outcome, page.is_truncated, len(page.text)) == ("ok", True, QUICK.page_bytes)
    assert sent < 50_000_000 and peak < 50_000_000


def test_a_compressed_bomb_unpacks_to_the_cap(web):
    web.pages[("bomb.sa", "/")] = answer(gzip.compress(b"y" * 50_000_000), Content_Encoding="gzip")
    web.pages[("small.sa", "/")] = answer(gzip.compress(b"<p>small"), Content_Encoding="gzip")
    web.pages[("odd.sa", "/")] = answer(b"abc", Content_Encoding="br")
    web.pages[("broken.sa", "/")] = answer(b"no gzip at all", Content_Encoding="gzip")
    tracemalloc.start()
    bomb, small, odd, broken = fetch(
        web, *(web.url(f"{name}.sa") for name in ("bomb", "small", "odd", "broken"))
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (bomb.is_truncated, len(bomb.text)) == (True, QUICK.page_bytes)
    assert peak < 20_000_000
    assert (small.text, odd.outcome, broken.outcome) == (
        "<p>small",
        "unknown_content_encoding",
        "connection_failed",
    )


def test_what_is_slow_or_broken_ends(web):
    async def drip(asked, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(100):  # each byte in time, the whole never
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.1)

    async def silent(asked, writer):
        await asyncio.sleep(5)

    async def rubbish(asked, writer):
        writer.write(b"SSH-2.0-OpenSSH\r\n")

    async def cut(asked, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\nshort")

    pages = {"drip.sa": drip, "silent.sa": silent, "rubbish.sa": rubbish, "cut.sa": cut}
    web.pages.update({(host, "/"): page for host, page in pages.items()})
    began = time.monotonic()
    outcomes = [page.outcome for page in fetch(web, *(web.url(host) for host in pages))]
    assert outcomes == ["timeout", "timeout", "connection_failed", "connection_failed"]
    assert time.monotonic() - began < 4


def test_only_pages_are_read(web):
    web.pages[("pdf.sa", "/")] = answer(b"%PDF", 200, "application/pdf")
    web.pages[("busy.sa", "/")] = answer("later", 429, Retry_After="120")
    web.pages[("down.sa", "/")] = answer("oops", 500)
    pdf, busy, down = fetch(web, *(web.url(host) for host in ("pdf.sa", "busy.sa", "down.sa")))
    assert [page.outcome for page in (pdf, busy, down)] == ["not_html", "http_429", "http_500"]
    assert busy.retry_after == 120 and pdf.text is None and down.text is None


@pytest.mark.parametrize(
    ("content_type", "meta", "written", "read_as"),
    [
        ("text/html; charset=windows-1256", "", "cp1256", "windows-1256"),
        ("text/html", '<meta charset="windows-1256">', "cp1256", "windows-1256"),
        ("text/html", "", "cp1256", "windows-1256"),
        ("text/html; charset=utf-8", "", "cp1256", "windows-1256"),
        ("text/html; charset=no-such-thing", "", "utf-8", "utf-8"),
        ("text/html", "", "utf-8", "utf-8"),
        ("text/html; charset=hex", "", "utf-8", "utf-8"),
    ],
)
def test_arabic_pages_are_read_whatever_they_say_of_themselves(content_type, meta, written, read_as):
    text, encoding = decode_page(ARABIC.format(meta=meta).encode(written), content_type)
    assert "شركة الاختبار للتجارة" in text
    assert encoding == read_as


def test_a_page_cut_within_a_letter_is_still_utf_8():
    body = ("<p>" + "شركة" * 10).encode()[:-1]
    assert decode_page(body)[1] == "utf-8"


def test_the_delay_of_a_host_holds_and_hosts_do_not_wait_for_each_other(web):
    for number in range(4):
        web.pages[("*", f"/{number}")] = answer("<p>x")
    web.pages[("slow.sa", "/robots.txt")] = answer("User-agent: *\nCrawl-delay: 0.5", 200, "text/plain")
    policy = FetchPolicy(host_delay=0.2, total_timeout=2)
    urls = [web.url(f"{host}.sa", f"/{number}") for host in "abcdef" for number in range(4)]
    began = time.monotonic()
    pages = fetch(web, *urls, web.url("slow.sa", "/1"), web.url("slow.sa", "/2"), policy=policy)
    took = time.monotonic() - began
    assert {page.outcome for page in pages} == {"ok"}
    for host in ("a.sa", "f.sa", "slow.sa"):
        times = [asked.at for asked in web.log if asked.host == host]
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        assert min(gaps) > 0.19
    slow = [asked.at for asked in web.log if asked.host == "slow.sa"]
    assert slow[2] - slow[1] > 0.45, "the site's own Crawl-delay wins"
    assert took < 2.5, "six hosts in turn would take five seconds"
    assert web.paths("a.sa").count("/robots.txt") == 1
