"""What the cells of a sheet link to, where their texts say nothing themselves: Click here, اضغط هنا."""

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree

from python_jobs.landing.folding import fold_words

HYPERLINK = re.compile(rb"<(?:[\w.-]+:)?hyperlink\s([^>]*)>")
PLACE = re.compile(
    rb"""(?:^|\s)ref\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})(?::[A-Za-z]{1,3}([0-9]{1,7}))?["']"""
)
RELATION = re.compile(rb"""\s[\w.-]+:id\s*=\s*["']([^"']*)["']""")
QUOTE = rb'(?:"|&quot;)'
LINK_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*><f[^>]*>HYPERLINK\(' + QUOTE + rb'((?:[^"&<]|&amp;)*)' + QUOTE
)
ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>]+\Z", re.IGNORECASE)
# A text that is an address, or may be one.
LIKE_AN_ADDRESS = re.compile(r"@|\w\.\w|\d{3}")
SAYING_NOTHING = frozenset(
    word
    for text in (
        "click tap press here visit open view see show go to our us the a link links url page homepage home",
        "web website site e mail email send write contact call phone whatsapp chat map maps location more",
        "اضغط انقر هنا زيارة زوروا زر افتح فتح عرض رابط الرابط صفحة الصفحة موقع الموقع موقعنا الإلكتروني",
        "إلكتروني البريد بريد إيميل الإيميل راسلنا ارسل اتصل بنا واتساب خريطة الخريطة المزيد التفاصيل تفاصيل",
    )
    for word in fold_words(text)
)

Links = Mapping[int, Mapping[int, str]]


def link_targets(relations: ElementTree.Element) -> dict[str, str]:
    """The addresses of a sheet's relations, by their ids."""
    found = {
        element.get("Id", ""): element.get("Target", "").strip()
        for element in relations
        if element.get("Type", "").endswith("/hyperlink")
    }
    return {relation: target for relation, target in found.items() if ADDRESS.match(target)}


def cell_links(targets: Mapping[str, str], chunks: Iterable[bytes]) -> dict[int, dict[bytes, str]]:
    """Row -> column's letters -> the address that the cell links to, by relation or by formula.

    Of a range only the first column.
    """
    links: dict[int, dict[bytes, str]] = {}
    for chunk in chunks:
        for letters, row, address in LINK_FORMULA.findall(chunk) if b"HYPERLINK(" in chunk else ():
            target = address.replace(b"&amp;", b"&").decode()
            if ADDRESS.match(target):
                links.setdefault(int(row), {})[letters] = target
        for tag in HYPERLINK.finditer(chunk) if b"hyperlink" in chunk else ():
            place, relation = PLACE.search(tag[1]), RELATION.search(tag[1])
            target = targets.get(relation[1].decode(errors="replace")) if relation else None
            for row in _rows(place) if place and target else ():
                links.setdefault(row, {})[place[1]] = target
    return links


def _rows(place: re.Match) -> Iterable[int]:
    first = int(place[2])
    return range(first, min(int(place[3] or first), first + 100_000) + 1)


def links_that_say_more(links: Links, rows: Iterator[tuple[int, list[str]]]) -> dict[int, dict[int, str]]:
    """Row -> place in the row -> link, of the columns whose linked texts all say nothing or are addresses.

    `rows` are the sheet's, with their numbers; `links` are by the place in them. A text that is an address,
    or none, is taken at its word; the first row with text is the header, or above it.
    """
    found: dict[int, dict[int, str]] = {}
    saying: set[int] = set()
    is_first = True
    for number, cells in rows:
        for place, link in links.get(number, {}).items():
            text = cells[place].strip() if 0 <= place < len(cells) else ""
            if is_first or not text or LIKE_AN_ADDRESS.search(text):
                continue
            if SAYING_NOTHING.issuperset(fold_words(text)):
                found.setdefault(number, {})[place] = link
            else:
                saying.add(place)
        is_first = is_first and not any(map(str.strip, cells))
    return {
        number: {place: link for place, link in of_row.items() if place not in saying}
        for number, of_row in found.items()
    }
