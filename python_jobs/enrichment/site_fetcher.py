"""Fetches web pages politely: robots.txt, a delay per host, caps on size and time, public addresses only."""

import asyncio
import codecs
import contextlib
import functools
import importlib.util
import itertools
import re
import ssl
import sys
import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

import certifi
import httpcore
import httpx

from python_jobs.enrichment.public_address import (
    PUBLIC_INTERNET,
    AddressRefused,
    PinnedBackend,
    Reach,
    WebAddress,
    check_url,
)
from python_jobs.enrichment.robots_rules import ROBOTS_BYTES, RobotsRules, read_robots

PRODUCT = "DealixBot"
HTML = ("text/html", "application/xhtml+xml")
REDIRECTS = (301, 302, 303, 307, 308)
# Headers that say what a site is made of; cookies by name only.
KEPT_HEADERS = ("server", "x-powered-by", "content-type", "content-language", "x-generator", "via", "link")
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
# Hosts looked at when one was used: more than are added, so that what is idle is soon gone.
LOOKS = 8
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class FetchPolicy:
    """How politely and how long. Times in seconds, sizes in bytes."""

    host_delay: float = 1.0
    connect_timeout: float = 5.0
    read_timeout: float = 10.0
    total_timeout: float = 20.0
    page_bytes: int = 2_000_000
    redirects: int = 5
    requests_at_once: int = 128
    # What is known of hosts that nobody asks for just now, for the next page of one: at most so many, and so
    # much of their robots.txt (parsed, it takes some ten times that).
    hosts_remembered: int = 256
    robots_bytes_remembered: int = 1_000_000


@dataclass(frozen=True)
class FetchedPage:
    """What came back. `outcome`: ok, http_<status>, or why there is no page (timeout, ...)."""

    url: str
    final_url: str
    outcome: str
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    encoding: str | None = None
    is_truncated: bool = False
    retry_after: float | None = None


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes
    is_truncated: bool


class _Host:
    """One host: one request at a time, the delay between the end of one and the next, and its rules."""

    def __init__(self, delay: float) -> None:
        self.lock = asyncio.Lock()
        self.next_at = 0.0
        self.delay = delay
        self.users = 0
        self.rules: dict[str, asyncio.Future[RobotsRules]] = {}
        self.robots_bytes = 0


# httpcore looks for it at every lock; a missing module is searched for on disk each time, half of a request.
if importlib.util.find_spec("sniffio") is None:
    sys.modules.setdefault("sniffio", None)


@functools.cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


class SiteFetcher:
    """An async context manager; `fetch` may be called by many tasks at once.

    `contact` (an address or page where a site's owner reaches us) stands in the user agent. `reach`
    widens what may be dialled, for tests against a server on this machine.
    """

    def __init__(self, contact: str, policy: FetchPolicy = FetchPolicy(), reach: Reach = PUBLIC_INTERNET):
        self.user_agent = f"{PRODUCT}/1.0 (+{contact})"
        self._policy = policy
        self._reach = reach
        self._slots = asyncio.Semaphore(policy.requests_at_once)
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._robots_bytes = 0
        self._backend = PinnedBackend(reach)

    async def __aenter__(self) -> "SiteFetcher":
        return self

    async def __aexit__(self, *problem) -> None:
        self._hosts.clear()

    async def fetch(self, url: str) -> FetchedPage:
        """The page behind the URL, after at most `redirects` hops, each of them checked. Never raises for
        what a site does; the outcome says what went wrong.
        """
        asked = url
        try:
            address = check_url(url, self._reach)
            for _ in range(self._policy.redirects + 1):
                with self._using(address) as host:
                    rules = await self._rules(address, host)
                    if not rules.allows(address.url, PRODUCT):
                        return FetchedPage(asked, address.url, rules.reason or "robots_disallowed")
                    answer = await self._ask(address, self._policy.page_bytes, HTML)
                if answer.status not in REDIRECTS or "location" not in answer.headers:
                    return _page(asked, address.url, answer)
                address = check_url(urljoin(address.url, answer.headers["location"]), self._reach)
            return FetchedPage(asked, address.url, "too_many_redirects")
        except AddressRefused as refused:
            return FetchedPage(asked, asked, str(refused))
        except _Failed as failed:
            return FetchedPage(asked, asked, str(failed))

    async def _rules(self, address: WebAddress, host: _Host) -> RobotsRules:
        known = host.rules.get(address.origin)
        if known is None:
            known = host.rules[address.origin] = asyncio.get_running_loop().create_future()
            try:
                known.set_result(await self._read_rules(address))
            except BaseException:
                known.cancel()
                host.rules.pop(address.origin, None)
                raise
            host.robots_bytes += known.result().size
            self._robots_bytes += known.result().size
        rules = await asyncio.shield(known)
        host.delay = max(rules.delay(PRODUCT), self._policy.host_delay)
        return rules

    async def _read_rules(self, address: WebAddress) -> RobotsRules:
        place = check_url(address.origin + "/robots.txt", self._reach)
        try:
            # RFC 9309 2.3.1.2: at least five redirects are followed, to other hosts too; more count as 4xx.
            for _ in range(6):
                answer = await self._ask(place, ROBOTS_BYTES, None)
                if answer.status not in REDIRECTS or "location" not in answer.headers:
                    return read_robots(answer.status, answer.body)
                place = check_url(urljoin(place.url, answer.headers["location"]), self._reach)
            return read_robots(404, b"")
        except AddressRefused:
            if place.origin == address.origin:
                raise
            return read_robots(None, b"")
        except _Failed:
            return read_robots(None, b"")

    @contextlib.contextmanager
    def _using(self, address: WebAddress) -> Iterator[_Host]:
        host = self._hosts.get(address.host)
        if host is None:
            host = self._hosts[address.host] = _Host(self._policy.host_delay)
        self._hosts.move_to_end(address.host)
        host.users += 1
        try:
            yield host
        finally:
            host.users -= 1
            self._forget_idle_hosts()

    def _forget_idle_hosts(self) -> None:
        """Let go of the hosts that were used longest ago, but never of one that has to rest yet."""
        now = asyncio.get_running_loop().time()
        for name in list(itertools.islice(self._hosts, LOOKS)):
            if (
                len(self._hosts) <= self._policy.hosts_remembered
                and self._robots_bytes <= self._policy.robots_bytes_remembered
            ):
                return
            host = self._hosts[name]
            if host.users or host.next_at > now:
                self._hosts.move_to_end(name)
            else:
                self._robots_bytes -= host.robots_bytes
                del self._hosts[name]

    @contextlib.asynccontextmanager
    async def _my_turn(self, address: WebAddress) -> AsyncIterator[None]:
        clock = asyncio.get_running_loop().time
        with self._using(address) as host:
            async with host.lock:
                if (wait := host.next_at - clock()) > 0:
                    await asyncio.sleep(wait)
                async with self._slots:
                    try:
                        yield
                    finally:
                        # From the end of a request: a slow host gets its rest as well.
                        host.next_at = clock() + host.delay

    async def _ask(self, address: WebAddress, cap: int, content_types: tuple[str, ...] | None) -> _Answer:
        """One request. Raises _Failed and AddressRefused."""
        async with self._my_turn(address):
            try:
                async with asyncio.timeout(self._policy.total_timeout):
                    return await self._request(address, cap, content_types)
            except (TimeoutError, httpcore.TimeoutException) as error:
                raise _Failed("timeout") from error
            except httpcore.UnsupportedProtocol as error:
                raise _Failed("bad_url") from error
            except (httpcore.NetworkError, httpcore.ProtocolError, OSError, zlib.error) as error:
                raise _Failed("connection_failed") from error

    async def _request(self, address: WebAddress, cap: int, content_types: tuple[str, ...] | None) -> _Answer:
        limits = {"connect": self._policy.connect_timeout, "read": self._policy.read_timeout}
        limits |= {"write": self._policy.read_timeout, "pool": self._policy.total_timeout}
        request = httpx.Request(
            "GET",
            address.url,
            headers={
                "User-Agent": self.user_agent,
                "Accept": "text/html,application/xhtml+xml,text/plain;q=0.5",
                "Accept-Language": "ar,en;q=0.8",
                "Accept-Encoding": "gzip",
                "Connection": "close",
            },
        )
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        # A connection per request, and no pool: sites are many and each is asked every other second. No proxy
        # either: it would dial for us, unchecked.
        connection = httpcore.AsyncHTTPConnection(
            url.origin, ssl_context=_tls(), keepalive_expiry=0, network_backend=self._backend
        )
        async with (
            connection,
            connection.stream(
                "GET", url, headers=request.headers.raw, extensions={"timeout": limits}
            ) as response,
        ):
            headers = httpx.Headers(response.headers)
            kind = headers.get("content-type", "").split(";")[0].strip().lower()
            wanted = content_types is None or not kind or kind in content_types
            if not wanted or response.status in REDIRECTS or response.status >= 400:
                return _Answer(response.status, headers, b"", False)
            body, is_truncated = await _read_body(response, headers, cap)
            return _Answer(response.status, headers, body, is_truncated)


class _Failed(Exception):
    """No answer; the text is the outcome."""


async def _read_body(response: httpcore.Response, headers: httpx.Headers, cap: int) -> tuple[bytes, bool]:
    """At most `cap` bytes after unpacking, and whether there was more."""
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", "deflate", ""):
        raise _Failed("unknown_content_encoding")
    # 47: zlib finds out whether it is gzip or zlib. The length is bounded, so a bomb unpacks no further.
    unpack = None if coding in ("identity", "") else zlib.decompressobj(47)
    body = bytearray()
    async for chunk in response.aiter_stream():
        body += chunk if unpack is None else unpack.decompress(chunk, cap + 1 - len(body))
        if len(body) > cap:
            return bytes(body[:cap]), True
    return bytes(body), False


def _page(asked: str, final_url: str, answer: _Answer) -> FetchedPage:
    headers = {name: answer.headers[name][:500] for name in KEPT_HEADERS if name in answer.headers}
    cookies = [cookie.split("=")[0].strip() for cookie in answer.headers.get_list("set-cookie")]
    if cookies:
        headers["set-cookie"] = ", ".join(cookies)[:500]
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    outcome = "ok"
    if answer.status >= 300:
        outcome = f"http_{answer.status}"
    elif kind and kind not in HTML:
        outcome = "not_html"
    if outcome != "ok":
        return FetchedPage(
            asked, final_url, outcome, answer.status, headers, retry_after=_retry_after(answer.headers)
        )
    text, encoding = decode_page(answer.body, answer.headers.get("content-type", ""))
    return FetchedPage(asked, final_url, outcome, answer.status, headers, text, encoding, answer.is_truncated)


def _retry_after(headers: httpx.Headers) -> float | None:
    value = headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() else None


def decode_page(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The page as text, and the encoding that was used.

    What the page says of itself counts if its bytes agree: byte order mark, header, meta tag (WHATWG
    HTML 13.2.3.2). Else UTF-8 if it is that, else what the letters look like, else windows-1256.
    """
    said = [encoding for mark, encoding in MARKS if body.startswith(mark)]
    if found := re.search(r"charset\s*=\s*[\"']?([\w:.-]{2,40})", content_type, re.IGNORECASE):
        said.append(found[1])
    if found := META_CHARSET.search(body[:4_096]):
        said.append(found[1].decode("ascii"))
    for encoding in [*said, "utf-8"]:
        if (text := _decoded(body, encoding)) is not None:
            return text, encoding.lower()
    from charset_normalizer import from_bytes

    guess = from_bytes(body[:100_000], cp_isolation=["cp1256", "cp1252", "iso8859_6", "utf_8"]).best()
    encoding = guess.encoding if guess else "cp1256"
    return body.decode(encoding, errors="replace"), {"cp1256": "windows-1256"}.get(encoding, encoding)


def _decoded(body: bytes, encoding: str) -> str | None:
    try:
        # Incremental: a page that was cut may end within a letter.
        text = codecs.getincrementaldecoder(encoding)().decode(body, final=False)
    except (LookupError, UnicodeError, ValueError, TypeError):
        return None
    return text if isinstance(text, str) else None
