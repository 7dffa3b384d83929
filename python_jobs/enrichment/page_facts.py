"""What of a web page is landed: traces of its tools, its words, its links, and how to reach the company."""

import re
from string import ascii_lowercase, ascii_uppercase
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.parser import HTMLParser

from python_jobs.enrichment.site_fetcher import FetchedPage

# Characters kept of each part: enough for every signature and phrase, far from a copy of the site.
TEXT, PART, LINKS, FOUND = 8_000, 20_000, 200, 40
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
PHONE = re.compile(r"(?<![\w/.=-])(?:\+|00)?[\d٠-٩][\d٠-٩ ()\u00a0.-]{6,18}[\d٠-٩](?![\w/-])")
WHATSAPP = re.compile(
    r"(?:wa\.me/|api\.whatsapp\.com/send/?\?(?:[^\"'#]*&)?phone=)\+?(\d{8,15})", re.IGNORECASE
)
# What a parser closes by itself; everything else that is opened lies deeper than what was open before.
TAG = re.compile(r"<(?:!--|(/?)([a-z][a-z0-9]*))")
NOT_NESTED = frozenset({
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"),
    *("wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup"),
    *("colgroup", "html", "head", "body"),
})  # fmt: skip
SMALL_LETTERS = str.maketrans(ascii_uppercase, ascii_lowercase)
# What stands in these is no markup: `i<n` opens nothing.
PLAIN_TEXT = frozenset({"script", "style", "textarea", "title"})
# Browsers stop at 512. Each opened element costs the parser a look at all that are open, so that a page of
# nothing but <div> would keep it busy for a quarter of an hour.
DEEPEST = 500
# Characters of a page's words that are searched for contact points, from its beginning and its end.
SEARCHED = (200_000, 50_000)
ARABIC, LATIN = re.compile("[\u0621-\u064a]"), re.compile("[A-Za-z]")


def page_facts(page: FetchedPage, page_kind: str) -> dict[str, Any]:
    """The payload of an answer for a page; of a failed fetch only its address, status and outcome."""
    facts: dict[str, Any] = {
        "url": page.url,
        "final_url": page.final_url,
        "page_kind": page_kind,
        "outcome": page.outcome,
        "http_status": page.status,
        "headers": "\n".join(f"{name}: {value}" for name, value in page.headers.items()) or None,
        "retry_after": page.retry_after,
    }
    if page.text is None:
        return facts
    tree = HTMLParser(_not_too_deep(page.text))
    scripts = " ".join(node.text()[:4_000] for node in tree.css("script:not([src])"))
    assets = [
        node.attributes.get(attribute)
        for selector, attribute in (
            ("script[src]", "src"), ("link[href]", "href"), ("iframe[src]", "src"), ("img[src]", "src"),
            ("form[action]", "action"), ("source[src]", "src"),
        )
        for node in tree.css(selector)
    ]  # fmt: skip
    markup = [f"generator: {node.attributes.get('content')}" for node in tree.css('meta[name="generator" i]')]
    anchors = [(node.attributes.get("href") or "", node.text(strip=True)) for node in tree.css("a[href]")]
    markup += [href for href, _ in anchors]
    language = tree.root.attributes.get("lang") if tree.root else None
    title = node.text(strip=True) if (node := tree.css_first("title")) else None
    for node in tree.css("script, style, noscript, template, svg"):
        node.decompose()
    text = " ".join((tree.body.text(separator=" ") if tree.body else "").split())
    emails = [unquote(href[7:]).split("?")[0] for href, _ in anchors if href.lower().startswith("mailto:")]
    phones = [unquote(href[4:]) for href, _ in anchors if href.lower().startswith("tel:")]
    whatsapp = ["+" + number for href, _ in anchors for number in WHATSAPP.findall(href)]
    searched = text if len(text) <= sum(SEARCHED) else f"{text[: SEARCHED[0]]} ; {text[-SEARCHED[1] :]}"
    return facts | {
        "encoding": page.encoding,
        "is_truncated": page.is_truncated,
        "language": language,
        "title": (title or "")[:300] or None,
        "text": text[:TEXT] or None,
        "arabic_letters": len(ARABIC.findall(text)),
        "latin_letters": len(LATIN.findall(text)),
        "assets": _lines(assets),
        "scripts": scripts[:PART] or None,
        "markup": _lines(markup),
        "links": _links(page.final_url, anchors) or None,
        "emails": _joined([*emails, *EMAIL.findall(searched)]),
        "phones": _joined([*phones, *PHONE.findall(searched)]),
        # Those that a visitor is meant to call: a number in the text may be anybody's.
        "linked_phones": _joined(phones),
        "whatsapp": _joined(whatsapp),
    }


def _not_too_deep(html: str) -> str:
    """The page up to where more elements are open than any page needs."""
    depth, place, lower = 0, 0, html.translate(SMALL_LETTERS)
    while (tag := TAG.search(lower, place)) is not None:
        place, name = tag.end(), tag[2]
        if name is None or (name in PLAIN_TEXT and not tag[1]):
            place = lower.find("-->" if name is None else f"</{name}", place)
            if place < 0:
                return html
        elif name not in NOT_NESTED:
            depth = max(depth - 1, 0) if tag[1] else depth + 1
            if depth > DEEPEST:
                return html[: tag.start()]
    return html


def _lines(values: list[str | None]) -> str | None:
    # A picture within the page (data:) is no address and may be as large as the page.
    kept = dict.fromkeys(value.strip()[:300] for value in values if value and not value.startswith("data:"))
    return "\n".join(kept)[:PART] or None


def _joined(values: list[str]) -> str | None:
    kept = dict.fromkeys(value.strip() for value in values if value.strip() and ";" not in value)
    return ";".join(list(kept)[:FOUND]) or None


def _links(base: str, anchors: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Links to other pages of the same host."""
    host = urlsplit(base).hostname
    found: dict[str, dict[str, str]] = {}
    for href, text in anchors:
        try:
            url = urljoin(base, href.strip()).split("#")[0]
            parts = urlsplit(url)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname == host and url != base and len(url) <= 500:
            found.setdefault(url, {"url": url, "text": text[:100], "path": unquote(parts.path)[:200]})
        if len(found) >= LINKS:
            break
    return list(found.values())
