"""Only the public internet is fetched: every known trick to reach this machine or its network is refused."""

import asyncio
import ipaddress
import socket
from pathlib import Path

import pytest

from python_jobs.enrichment.public_address import (
    AddressRefused,
    PinnedBackend,
    Reach,
    check_url,
    is_globally_routable,
)
from python_jobs.enrichment.site_fetcher import FetchPolicy, SiteFetcher

SSRF_URLS = (Path(__file__).parent / "fixtures" / "ssrf_urls.txt").read_text(encoding="utf-8").splitlines()
QUICK = FetchPolicy(host_delay=0, connect_timeout=1, read_timeout=1, total_timeout=2)


async def lying_resolver(host: str, port: int) -> list[str]:
    """Numbers as the system reads them (0177.1 is an address to it), every name as the cloud's metadata service."""
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        return ["169.254.169.254"]


@pytest.fixture
def dialled(monkeypatch):
    """Every address that anything in this process tries to reach."""
    seen = []
    real = socket.socket.connect

    def connect(self, address):
        seen.append(address)
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return seen


@pytest.mark.parametrize("url", SSRF_URLS)
def test_every_known_trick_is_refused_without_a_connection(url, dialled):
    async def fetch():
        async with SiteFetcher("test@dealix.example", QUICK, Reach(resolve=lying_resolver)) as fetcher:
            return await fetcher.fetch(url)

    page = asyncio.run(fetch())
    assert page.outcome in {"bad_url", "scheme", "user_in_url", "port", "inner_name", "not_public_address"}
    assert page.text is None
    assert dialled == []


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("10.0.0.1", False), ("100.64.0.1", False),
        ("169.254.1.1", False), ("192.0.2.1", False), ("198.18.0.1", False), ("224.0.0.1", False),
        ("0.0.0.0", False), ("255.255.255.255", False), ("::1", False), ("::", False), ("fe80::1", False),
        ("fe80::1%eth0", False), ("fc00::1", False), ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("2001:0:7f00:1::", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_globally_routable(address, allowed):
    assert is_globally_routable(ipaddress.ip_address(address)) is allowed


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://acme.sa:6379/", "port"), ("https://acme.sa@evil.example/", "user_in_url"),
        ("https://acme.sa\\@evil.example/", "bad_url"), ("https://intranet/", "inner_name"),
        ("https://db.internal/", "inner_name"), ("ftp://acme.sa/", "scheme"), ("https://acme.sa/ x", "bad_url"),
        ("https://" + "a" * 3000 + ".sa", "bad_url"), ("https://127.0.0.1/", "not_public_address"),
        ("https://acme..sa/", "bad_url"), ("https://acme.sa:99999/", "bad_url"), ("", "bad_url"),
    ],
)  # fmt: skip
def test_what_is_no_public_web_address_is_refused(url, reason):
    with pytest.raises(AddressRefused, match=reason):
        check_url(url)


def test_a_good_address_is_read_in_one_way():
    address = check_url("https://WWW.Acme.SA/a?b#c")
    assert (address.url, address.origin) == ("https://www.acme.sa/a?b", "https://www.acme.sa:443")
    assert check_url("https://مثال.السعودية/").host == "xn--mgbh0fb.xn--mgberp4a5d4ar"


def test_a_name_with_one_inner_address_is_refused_whole():
    async def both(host, port):
        return ["93.184.216.34", "10.0.0.7"]

    with pytest.raises(AddressRefused, match="not_public_address"):
        asyncio.run(Reach(resolve=both).addresses("acme.sa", 443))


def test_a_rebinding_name_is_dialled_by_the_address_that_was_checked(dialled):
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    asked = []

    async def rebinding(host, port):
        asked.append(host)
        return next(answers)

    async def dial():
        with socket.create_server(("127.0.0.1", 0)) as server:
            reach = Reach(rebinding, lambda address: str(address) == "127.0.0.1", ports=None)
            backend = PinnedBackend(reach)
            stream = await backend.connect_tcp("acme.sa", server.getsockname()[1], timeout=2)
            await stream.aclose()
            # The second connection is checked again, and refused.
            with pytest.raises(AddressRefused, match="not_public_address"):
                await backend.connect_tcp("acme.sa", server.getsockname()[1], timeout=2)

    asyncio.run(dial())
    assert asked == ["acme.sa", "acme.sa"]
    assert {address[0] for address in dialled} == {"127.0.0.1"}
