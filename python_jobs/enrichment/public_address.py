"""Which addresses may be fetched: web URLs whose host is on the public internet, checked where it is dialled.

A name is resolved once per connection, every address of the answer must be globally routable, and the
connection goes to the checked address itself: a name that answers differently the next time (DNS
rebinding) is never asked a second time. OWASP: Server Side Request Forgery Prevention.
"""

import asyncio
import ipaddress
import re
import socket
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore
import idna

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 2_000
HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# Names that mean something only inside a network: RFC 6761, RFC 6762, RFC 8375, and the clouds' own.
INNER_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "localdomain")
# 64:ff9b::/96 (RFC 6052) and 64:ff9b:1::/48 (RFC 8215) reach IPv4 addresses through a translator.
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
# Special purposes (IANA registries, RFC 6890) that older versions of Python take for the open internet.
SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24"),
        *("100::/64", "2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20", "5f00::/16"),
    )
)


class AddressRefused(Exception):
    """The address must not be fetched; the text is a reason code (`not_public_address`, `bad_url`, ...)."""


@dataclass(frozen=True)
class WebAddress:
    """A checked URL: `host` is lower-case ASCII, `url` has no fragment."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt stands for."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def is_globally_routable(address: IpAddress) -> bool:
    """Whether an address is on the public internet; one that carries another address, by both of them."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        if address.ipv4_mapped is not None:
            return is_globally_routable(address.ipv4_mapped)
        if any(address in network for network in NAT64):
            return False
        if address.sixtofour is not None or address.teredo is not None:
            return False
    if any(address in network for network in SPECIAL):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_loopback or address.is_unspecified
    )


async def resolve_by_system(host: str, port: int) -> list[str]:
    """The addresses of a name as the machine's resolver gives them; raises OSError when it knows none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(entry[4][0] for entry in found))


@dataclass(frozen=True)
class Reach:
    """What a fetcher may dial. Only a caller in Python can widen it: no option and no variable does."""

    resolve: Callable[[str, int], Awaitable[list[str]]] = resolve_by_system
    is_allowed: Callable[[IpAddress], bool] = is_globally_routable
    ports: frozenset[int] | None = frozenset({80, 443})

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses to dial for a name. Raises AddressRefused when one of them may not be dialled."""
        try:
            found = [host] if _is_ip(host) else await self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise AddressRefused("host_unknown") from error
        if not found:
            raise AddressRefused("host_unknown")
        # One bad address refuses the name: the next answer may have the others in another order.
        if not all(self.is_allowed(ipaddress.ip_address(address)) for address in found):
            raise AddressRefused("not_public_address")
        return found


PUBLIC_INTERNET = Reach()


def check_url(text: str, reach: Reach = PUBLIC_INTERNET) -> WebAddress:
    """The URL as it may be fetched, before its name is resolved.

    Raises AddressRefused: `bad_url` (not readable in one way only), `scheme`, `user_in_url`, `port`,
    `inner_name` (a name of a local network), `not_public_address`.
    """
    if not text or len(text) > LONGEST_URL or re.search(r"[\s\\\x00-\x20\x7f]", text):
        raise AddressRefused("bad_url")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise AddressRefused("bad_url") from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefused("scheme")
    if "@" in parts.netloc:
        raise AddressRefused("user_in_url")
    host = _ascii_host(host)
    if _is_ip(host):
        if not reach.is_allowed(ipaddress.ip_address(host)):
            raise AddressRefused("not_public_address")
    else:
        _check_name(host)
    port = port or (443 if parts.scheme == "https" else 80)
    if reach.ports is not None and port not in reach.ports:
        raise AddressRefused("port")
    netloc = f"[{host}]" if ":" in host else host
    if port != (443 if parts.scheme == "https" else 80):
        netloc += f":{port}"
    url = parts._replace(netloc=netloc, path=parts.path or "/", fragment="").geturl()
    return WebAddress(url, parts.scheme, host, port)


def _ascii_host(host: str) -> str:
    if _is_ip(host):
        return host
    if host.isascii():
        return host.lower().rstrip(".")
    # Look-alike letters (circled, full width) are another spelling of a name that nobody writes in earnest.
    if unicodedata.normalize("NFKC", host).casefold() != unicodedata.normalize("NFC", host).casefold():
        raise AddressRefused("bad_url")
    try:
        return idna.encode(host.rstrip("."), uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressRefused("bad_url") from error


def _check_name(host: str) -> None:
    labels = host.split(".")
    if not all(HOST_LABEL.fullmatch(label) for label in labels) or len(host) > 253:
        raise AddressRefused("bad_url")
    # A number in an unusual spelling (0x7f.1, 2130706433): resolvers read it as an address. WHATWG URL 3.5.
    if re.fullmatch(r"[0-9]+|0[xo][0-9a-f]*", labels[-1]):
        raise AddressRefused("not_public_address")
    if len(labels) < 2 or any(host == name or host.endswith("." + name) for name in INNER_NAMES):
        raise AddressRefused("inner_name")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Dials only what `reach` allows, by the address that was checked and not by the name."""

    def __init__(self, reach: Reach):
        self._reach = reach
        self._dial = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that answers. Raises AddressRefused before dialling anything."""
        problem: Exception = httpcore.ConnectError("no address answered")
        for address in await self._reach.addresses(host.strip("[]"), port):
            try:
                return await self._dial.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    async def connect_unix_socket(self, path: str, *more: Any, **extra: Any) -> httpcore.AsyncNetworkStream:
        """Never: a socket of this machine is no website."""
        raise AddressRefused("scheme")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._dial.sleep(seconds)
