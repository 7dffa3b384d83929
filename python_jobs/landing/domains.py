"""The registrable domain of a host, by the suffix list that tldextract carries (no network)."""

import csv
import ipaddress
import re
from functools import cache

import idna
import tldextract

from python_jobs.warehouse.connection import PROJECT_ROOT

LIBRARY = "tldextract"
LIBRARY_VERSION = tldextract.__version__
HOST_ALIASES = PROJECT_ROOT / "seeds" / "normalisation" / "host_aliases.csv"

# Private suffixes count: acme.blogspot.com is Acme's, not all of blogspot's.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

# RFC 2606: set apart for examples, so fictional data has a home that can never be anybody's.
EXAMPLE_SUFFIX = "example"
ENDS_IN_A_NUMBER = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")
NOT_PUBLIC = frozenset(
    [
        "localhost",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "localdomain",
        "test",
        "invalid",
        "arpa",
        "onion",
    ]
)
HOST = re.compile(r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$")


class NotADomain(ValueError):
    """The text is no public host name; the message is the reason code."""


def ascii_host(text: str) -> str:
    """The host in lower-case IDNA ASCII, without a final dot.

    Raises NotADomain: ip_address, not_public_host, single_label, invalid_host.
    """
    host = text.strip().rstrip(".")
    if host.startswith("["):
        raise NotADomain("ip_address")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as problem:
            raise NotADomain("invalid_host") from problem
    host = host.lower()
    if ENDS_IN_A_NUMBER.search(host) or _is_ip_address(host):
        raise NotADomain("ip_address")
    if host.rpartition(".")[2] in NOT_PUBLIC:
        raise NotADomain("not_public_host")
    if not HOST.match(host) or len(host) > 253 or any(len(label) > 63 for label in host.split(".")):
        raise NotADomain("invalid_host")
    if "." not in host:
        raise NotADomain("single_label")
    return host


def registrable_domain(host: str) -> str:
    """The domain that its holder registered: acme.com.sa of www.shop.acme.com.sa.

    `host` is from ascii_host. Raises NotADomain: public_suffix (com.sa by itself), unknown_suffix (no
    such top-level domain).
    """
    if host.endswith("." + EXAMPLE_SUFFIX):
        return ".".join(host.split(".")[-2:])
    parts = _extract.extract_str(host)
    if not parts.suffix:
        raise NotADomain("unknown_suffix")
    if not parts.top_domain_under_public_suffix:
        raise NotADomain("public_suffix")
    return parts.top_domain_under_public_suffix


def public_suffixes() -> list[str]:
    """The rules of the suffix list that registrable_domain follows: com.sa, *.ck, !www.ck."""
    return _extract.tlds


def one_name(registrable: str) -> str:
    """The one name of a service that answers by several: facebook.com for fb.com; else the domain itself.

    The names are those of seeds/normalisation/host_aliases.csv.
    """
    return other_names().get(registrable, registrable)


@cache
def other_names() -> dict[str, str]:
    """The one name by each other name of a service."""
    with HOST_ALIASES.open(encoding="utf-8", newline="") as file:
        return {row["domain"]: row["same_as"] for row in csv.DictReader(file)}


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
