"""What every parser does to a cell first: invisible marks out, digits to ASCII, placeholders known."""

import html
import re
import unicodedata
from html.entities import html5

# Word processors and right-to-left tools wrap numbers in these; no phone, email or URL contains one.
INVISIBLE_MARKS = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00]")
OTHER_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\ufe58\ufe63\uff0d]")
OTHER_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# With a name that exists, and with its semicolon: ?page=1&copy=2 is an address.
ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]+);")

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys((0x3002, 0xFF61), ".")

PLACEHOLDERS = frozenset(
    [
        "na",
        "none",
        "null",
        "nil",
        "nan",
        "unknown",
        "notavailable",
        "notapplicable",
        "notfound",
        "nodata",
        "novalue",
        "noemail",
        "nophone",
        "nowebsite",
        "nosite",
        "missing",
        "empty",
        "tbd",
        "tba",
        "todo",
        "x",
        "xx",
        "xxx",
        "xxxx",
        "no",
        "false",
        "test",
        "لايوجد",
        "لايتوفر",
        "غيرمتوفر",
        "غيرمتاح",
        "غيرمعروف",
        "غيرموجود",
        "بدون",
        "مجهول",
        "لاشيء",
        "لاشئ",
        "ليسلديه",
    ]
)


def clean_marks(text: str) -> str:
    """The text without invisible marks (bidi, zero-width, BOM, NUL), every space and dash the plain one.

    A web page's entities (&nbsp;, &#64;) are the letters that they stand for.
    """
    if "&" in text:
        text = ENTITY.sub(_letter, text.replace("&amp;", "&"))
    text = INVISIBLE_MARKS.sub("", text)
    return OTHER_DASHES.sub("-", OTHER_SPACES.sub(" ", text)).strip()


def _letter(entity: re.Match) -> str:
    is_known = entity[1][0] == "#" or f"{entity[1]};" in html5
    return html.unescape(entity[0]) if is_known else entity[0]


def half_width(text: str) -> str:
    """Full-width letters and signs (`ｉｎｆｏ＠ａｃｍｅ`) and the full stops of IDNA as the plain ones."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def ascii_digits(text: str) -> str:
    """Arabic-Indic, Persian, full-width and all other decimal digits as 0-9; the rest as it is."""
    if text.isascii():
        return text
    return "".join(
        character
        if character.isascii() or (digit := unicodedata.decimal(character, None)) is None
        else str(digit)
        for character in text
    )


def is_placeholder(text: str) -> bool:
    """Whether the text only says that there is no value: '-', 'n/a', 'not available.', 'لا يوجد'."""
    letters = "".join(character for character in text.lower() if character.isalnum())
    return not letters or not letters.strip("0") or letters in PLACEHOLDERS
