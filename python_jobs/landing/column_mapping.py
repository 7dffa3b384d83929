"""Which column of a file is which field: proposed from its header by seeds/mapping/column_aliases.csv.

The proposal is recorded with the import and applied in SQL, so that a better one re-reads old rows.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from python_jobs.command_line import UsageProblem
from python_jobs.landing.folding import fold_header, fold_words
from python_jobs.landing.text_cleaning import ascii_digits, clean_marks
from python_jobs.warehouse.connection import PROJECT_ROOT

ALIASES = PROJECT_ROOT / "seeds" / "mapping" / "column_aliases.csv"

MULTI_VALUED = frozenset(
    ["phone", "email", "website", "technologies", "intent_signal", "linkedin_url", "opt_out"]
)
SENSITIVE = ("sensitive_national_id", "sensitive_other")
# Where one of these stands anywhere in a header, the whole column is meant.
COUNTS_ANYWHERE = frozenset([*SENSITIVE, "opt_out"])
PERSON_FIELDS = frozenset(["contact_name", "contact_first_name", "contact_last_name", "contact_role"])
# Headers of a company in one file and of a person in another.
NAME_HEADERS = frozenset(map(fold_header, ["name", "names", "full title", "الاسم", "اسم", "الأسماء"]))
TITLE_HEADERS = frozenset(["title"])
# The company's website in one file; beside a website column, the page that the row was taken from.
LINK_HEADERS = frozenset(map(fold_header, ["url", "link", "links", "web link", "رابط", "الرابط"]))
WORD_IN_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
ID_HEADERS = frozenset(
    map(
        fold_header,
        ["id", "ids", "no", "number", "numbers", "identifier", "owner", "contact id", "person id",
         "client id", "customer id", "الرقم", "رقم", "المعرف", "رقم العميل", "الأرقام"],
    )
)  # fmt: skip
FAX = frozenset(["fax", "telefax", "facsimile", "فاكس", "الفاكس"])
NATIONAL_ID = re.compile(r"^[12]\d{9}$")
SURE = 0.8
BY_A_PERSON = ("file", "saved")


@dataclass(frozen=True)
class MappedColumn:
    """One column: its field or None, its rank among the field's columns, how sure, and who says so."""

    column: str
    field: str | None
    rank: int
    confidence: float
    origin: str


@dataclass(frozen=True)
class _Alias:
    field: str
    confidence: float
    words: tuple[str, ...]
    is_arabic: bool
    counts_inside: bool


def propose_mapping(
    columns: Sequence[str],
    sample: Sequence[Sequence[str]] = (),
    chosen: Mapping[str, str | None] | None = None,
    saved: Mapping[str, str | None] | None = None,
) -> list[MappedColumn]:
    """One MappedColumn per column, in file order.

    `sample` holds some rows, to tell national ids in a column that is called `ID`; `chosen` is what a
    person decided about this file (column -> field or None) and always wins; `saved` is what a person
    decided about an earlier file of the source.
    """
    chosen = chosen or {}
    saved = _by_header(columns, saved or {})
    found: list[tuple[str | None, float, str]] = []
    for position, column in enumerate(columns):
        if column in chosen:
            found.append((chosen[column], 1.0, "file"))
        elif column in saved:
            found.append((saved[column], 1.0, "saved"))
        elif _holds_national_ids(column, [row[position] for row in sample if position < len(row)]):
            found.append(("sensitive_national_id", 0.9, "alias"))
        else:
            field, confidence = _field_of(column)
            found.append((field, confidence, "alias" if field else "none"))
    found = _people_apart_from_companies(columns, found)
    found = _pages_apart_from_websites(columns, found)
    return _ranked(columns, found)


def _by_header(columns: Sequence[str], saved: Mapping[str, str | None]) -> dict[str, str | None]:
    """What was saved, by this file's columns; a header may be spelt differently, if it is clear whose."""
    folded = Counter(map(fold_header, columns))
    fields = {fold_header(column): field for column, field in saved.items()}
    return {
        column: saved[column] if column in saved else fields[fold_header(column)]
        for column in columns
        if column in saved or (fold_header(column) in fields and folded[fold_header(column)] == 1)
    }


def read_mapping_file(path: Path, columns: Sequence[str]) -> dict[str, str | None]:
    """What a mapping file says: {"column header": "field" or null}, by the names of this file's columns.

    Raises UsageProblem when it is no such JSON, or names a column or a field that does not exist.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UsageProblem(f"The mapping {path} cannot be read as JSON: {error}.") from error
    if not isinstance(document, dict):
        raise UsageProblem(
            f'The mapping {path} must be one JSON object: {{"column header": "field" or null}}.'
        )
    folded = {fold_header(column): column for column in reversed(columns)}
    mapping: dict[str, str | None] = {}
    for header, field in document.items():
        column = header if header in columns else folded.get(fold_header(header))
        if column is None:
            raise UsageProblem(
                f"The mapping names the column {header!r}, which the file does not have. "
                f"It has: {', '.join(columns)}."
            )
        if field is not None and field not in known_fields():
            raise UsageProblem(
                f"The mapping takes {header!r} for {field!r}, which is no field. "
                f"Fields are: {', '.join(sorted(known_fields()))}."
            )
        mapping[column] = field
    return mapping


def recognised(headers: Sequence[str]) -> int:
    """How many of these cells are headers that the aliases know."""
    return sum(_is_alias(header) for header in headers)


def known_fields() -> frozenset[str]:
    """Every canonical field of the aliases."""
    return frozenset(alias.field for alias in _aliases().values())


def ambiguous_columns(mapping: Sequence[MappedColumn]) -> list[MappedColumn]:
    """Columns whose field another column of the file carries already; their values are not read."""
    return [
        entry
        for entry in mapping
        if entry.field and entry.rank > 1 and entry.field not in MULTI_VALUED | set(SENSITIVE)
    ]


@cache
def _aliases() -> dict[str, _Alias]:
    with ALIASES.open(encoding="utf-8", newline="") as file:
        return {
            fold_header(row["alias"]): _Alias(
                row["field"],
                float(row["confidence"]),
                tuple(fold_words(row["alias"])),
                row["language"] == "ar",
                row["counts_inside"] == "true",
            )
            for row in csv.DictReader(file)
        }


@cache
def _is_alias(header: str) -> bool:
    return len(header) < 60 and fold_header(header) in _aliases()


@cache
def _field_of(header: str) -> tuple[str | None, float]:
    words = fold_words(WORD_IN_CAMEL_CASE.sub(" ", header))
    if any(word in FAX for word in words):
        return None, 0.0
    for attempt, certainty in (
        ("".join(words), 1.0),
        ("".join(words).rstrip("0123456789"), 1.0),
        # Company Name / اسم الشركة: each half says it by itself.
        ("".join(word for word in words if word.isascii()), 0.95),
        ("".join(word for word in words if not word.isascii()), 0.95),
    ):
        alias = _aliases().get(attempt)
        if alias and (certainty == 1.0 or alias.confidence >= SURE):
            return alias.field, round(alias.confidence * certainty, 2)
    inside = [alias for alias in _aliases().values() if alias.counts_inside and _stands_in(alias, words)]
    if not inside:
        return None, 0.0
    # The safe reading first: an opt-out or a sensitive column, else the most specific words.
    best = max(inside, key=lambda alias: (alias.field in COUNTS_ANYWHERE, len(alias.words)))
    return best.field, 0.8


def _stands_in(alias: _Alias, words: list[str]) -> bool:
    size = len(alias.words)
    places = [
        start for start in range(len(words) - size + 1) if tuple(words[start : start + size]) == alias.words
    ]
    if alias.field in COUNTS_ANYWHERE:
        return bool(places)
    return (0 if alias.is_arabic else len(words) - size) in places


def _people_apart_from_companies(
    columns: Sequence[str], found: list[tuple[str | None, float, str]]
) -> list[tuple[str | None, float, str]]:
    """A bare `name` is the company only in a file without another company column and without people."""
    fields = {field for field, _, _ in found}
    doubtful = {
        position
        for position, column in enumerate(columns)
        if found[position][2] == "alias"
        and found[position][0] == "company_name"
        and fold_header(column) in NAME_HEADERS | TITLE_HEADERS
    }
    has_company = any(
        field == "company_name" and position not in doubtful for position, (field, _, _) in enumerate(found)
    )
    if not has_company and not fields & PERSON_FIELDS:
        return found
    settled = list(found)
    for position in sorted(doubtful):
        field = "contact_role" if fold_header(columns[position]) in TITLE_HEADERS else "contact_name"
        is_free = field not in fields and not (field == "contact_name" and "contact_first_name" in fields)
        settled[position] = (field, 0.6, "alias") if is_free else (None, 0.0, "none")
        fields.add(field)
    return settled


def _pages_apart_from_websites(
    columns: Sequence[str], found: list[tuple[str | None, float, str]]
) -> list[tuple[str | None, float, str]]:
    """A bare `url` beside a website column is the page that the row was taken from."""
    links = {
        position
        for position, (field, _, origin) in enumerate(found)
        if field == "website" and origin == "alias" and fold_header(columns[position]) in LINK_HEADERS
    }
    if not any(field == "website" and position not in links for position, (field, _, _) in enumerate(found)):
        return found
    return [
        ("source_url", 0.6, "alias") if position in links else entry for position, entry in enumerate(found)
    ]


def _ranked(columns: Sequence[str], found: Sequence[tuple[str | None, float, str]]) -> list[MappedColumn]:
    order: dict[str, list[int]] = {}

    def precedence(at: int) -> tuple[bool, float, int]:
        return found[at][2] not in BY_A_PERSON, -found[at][1], at

    for position in sorted(range(len(columns)), key=precedence):
        order.setdefault(found[position][0] or "", []).append(position)
    return [
        MappedColumn(
            column=column,
            field=field,
            rank=order[field or ""].index(position) + 1 if field else 0,
            confidence=confidence,
            origin=origin,
        )
        for position, (column, (field, confidence, origin)) in enumerate(zip(columns, found, strict=True))
    ]


def _holds_national_ids(header: str, values: Sequence[str]) -> bool:
    """Whether a column that is called an id holds people's ids; never inferred from values alone."""
    if fold_header(header) not in ID_HEADERS:
        return False
    filled = [ascii_digits(clean_marks(value)).removesuffix(".0") for value in values if value.strip()]
    ids = sum(bool(NATIONAL_ID.match(value)) and _passes_luhn(value) for value in filled)
    return bool(filled) and ids >= 0.8 * len(filled)


def _passes_luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - position % 2) for position, digit in enumerate(digits))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
