"""What a website cell says: every web address in it with host and registrable domain, or why it is none."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from python_jobs.landing.domains import (
    LIBRARY,
    LIBRARY_VERSION,
    NotADomain,
    ascii_host,
    one_name,
    registrable_domain,
)
from python_jobs.landing.text_cleaning import ascii_digits, clean_marks, half_width, is_placeholder

__all__ = ["LIBRARY", "LIBRARY_VERSION", "ParsedUrl", "parse_urls"]

SEPARATOR = re.compile(
    r"[\s;؛،|<>\"'`]+|,(?=\s|https?:|www\.|$)|/(?=https?:)|(?<!/)/(?=www\.)", re.IGNORECASE
)
# https;//, http//, htp://, hhttps:// and ttp:// as well.
SCHEME_WITH_SLIPS = re.compile(
    r"(?<![\w/=?&.:%-])(?:https?|h{0,2}t{1,3}ps?(?=\s*[:;/]\s*/))\s*(?:[:;]+\s*[/\\]*|/{2,}:?)\s*(?=\S)",
    re.IGNORECASE,
)
SCHEME_MARK = re.compile(r"[:;]|//")
LABEL = re.compile(
    r"(?<![\w/.])(?:web\s?-?site|web|site|url|home\s?page|(?:ال)?موقع(?:نا)?(?:\s+ال[اإ]لكتروني)?)\s*:\s*(?=\w)",
    re.IGNORECASE,
)
WWW_WITH_SLIP = re.compile(r"(?<![\w.])www\s?[,،]\s?(?=\w)", re.IGNORECASE)
SCHEME_TWICE = re.compile(r"^(?:https?://)+(?=https?://)", re.IGNORECASE)
SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*):", re.IGNORECASE)
HOST_AND_PORT = re.compile(r"^[^\s/:?#]+:\d+(?:[/?#]|$)")
EMAIL = re.compile(r"^(?:mailto:)?(?:https?://)?[^\s@/]+@[^\s@/]+\.[^\s@/]+/?$", re.IGNORECASE)


@dataclass(frozen=True)
class ParsedUrl:
    """One web address of a cell. `host`: lower-case IDNA ASCII without `www.`, set when it is valid."""

    raw_value: str
    position: int
    is_valid: bool
    url: str | None = None
    host: str | None = None
    first_path_segment: str | None = None
    registrable_domain: str | None = None
    reject_reason: str | None = None


def parse_urls(cell: str | None) -> list[ParsedUrl]:
    """Every web address of the cell in order; one invalid row when it has none. Never raises.

    Reasons: empty, placeholder, not_a_url, email_not_url, unsupported_scheme, user_in_url, ip_address,
    not_public_host, single_label, invalid_host, invalid_port, public_suffix, unknown_suffix.
    """
    raw = cell or ""
    text = half_width(clean_marks(raw))
    if "," in text or "،" in text:
        text = WWW_WITH_SLIP.sub("www.", text)
    if SCHEME_MARK.search(text):
        text = text if text.startswith("http") else LABEL.sub(" ", text)
        text = SCHEME_WITH_SLIPS.sub(_whole_scheme, text).strip()
    if not text:
        found = [_invalid("empty")]
    elif is_placeholder(text):
        found = [_invalid("placeholder")]
    else:
        pieces = [piece for piece in SEPARATOR.split(text) if piece]
        found = [_read_piece(SCHEME_TWICE.sub("", piece)) for piece in pieces]
        # In "acme.sa (main site)" the words beside an address are no second one, just as a place name is no
        # list of several.
        kept = [values for values in found if values["reject_reason"] not in ("not_a_url", "single_label")]
        found = kept or found[:1]
    return [ParsedUrl(raw, position, **values) for position, values in enumerate(found, start=1)]


def _whole_scheme(match: re.Match) -> str:
    return " https://" if "s" in match[0].lower() else " http://"


def _read_piece(piece: str) -> dict:
    piece = piece.strip("()[]{}*").rstrip(".,:!؟\\") if "://[" not in piece else piece
    if EMAIL.match(piece):
        return _invalid("email_not_url")
    scheme = SCHEME.match(piece)
    if scheme and not HOST_AND_PORT.match(piece):
        if scheme[1].lower() not in ("http", "https"):
            return _invalid("unsupported_scheme" if "." in piece or "//" in piece else "not_a_url")
    elif piece.startswith("//"):
        piece = "https:" + piece
    elif "." not in piece:
        return _invalid("not_a_url")
    else:
        piece = "https://" + piece
    if "\\" in piece:
        return _invalid("invalid_host")
    try:
        parts = urlsplit(piece)
        host_text, port = parts.hostname, parts.port
    except ValueError as problem:
        return _invalid("invalid_port" if "ort" in str(problem) else "invalid_host")
    if parts.username is not None:
        return _invalid("user_in_url")
    if not host_text:
        return _invalid("not_a_url")
    if parts.netloc.startswith("["):
        return _invalid("ip_address")
    return _describe(parts, unquote(host_text), port)


def _describe(parts, host_text: str, port: int | None) -> dict:
    try:
        full_host = ascii_host(ascii_digits(host_text))
        written = registrable_domain(full_host)
    except NotADomain as problem:
        return _invalid(str(problem))
    registrable = one_name(written)
    full_host = full_host.removesuffix(written) + registrable
    host = full_host if full_host == registrable else full_host.removeprefix("www.")
    if host == "p.o.box":  # .box is a top-level domain; a post box is not a website
        return _invalid("not_a_url")
    segments = [segment for segment in parts.path.split("/") if segment]
    port_text = "" if port in (None, 80, 443) else f":{port}"
    query = f"?{parts.query}" if parts.query else ""
    return {
        "is_valid": True,
        "url": f"{parts.scheme.lower()}://{full_host}{port_text}{parts.path or '/'}{query}",
        "host": host,
        # Lower case, decoded: the part of a shared host (a shop, a profile) is the same shop in any spelling.
        "first_path_segment": unquote(segments[0]).strip().lower() or None if segments else None,
        "registrable_domain": registrable,
        "reject_reason": None,
    }


def _invalid(reason: str) -> dict:
    return {"is_valid": False, "reject_reason": reason}
