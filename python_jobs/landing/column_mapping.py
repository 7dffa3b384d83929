"""Which column of a file is which field: proposed from its header by seeds/mapping/column_aliases.csv.

The proposal is recorded with the import and applied in SQL, so that a better one re-reads old rows.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path

from python_jobs.command_line import UsageProblem
from python_jobs.landing.column_cells import (
    COORDINATES,
    JOB_TITLE,
    LINKEDIN,
    LINKEDIN_PAGE,
    MAP_PAGE,
    SALUTATION,
    ColumnCells,
)
from python_jobs.landing.folding import fold_header, fold_words
from python_jobs.warehouse.connection import PROJECT_ROOT

ALIASES = PROJECT_ROOT / "seeds" / "mapping" / "column_aliases.csv"

MULTI_VALUED = frozenset(
    ["phone", "email", "website", "technologies", "intent_signal", "linkedin_url", "opt_out", "opt_in",
     "contact_status"]
)  # fmt: skip
SENSITIVE = ("sensitive_national_id", "sensitive_other")
# Where one of these stands anywhere in a header, the whole column is meant.
COUNTS_ANYWHERE = frozenset([*SENSITIVE, "opt_out"])
PERSON_FIELDS = frozenset(["contact_name", "contact_first_name", "contact_last_name", "contact_role"])
# Headers of a company in one file and of a person in another.
NAME_HEADERS = frozenset(map(fold_header, ["name", "names", "full title", "الاسم", "اسم", "الأسماء"]))
TITLE_HEADERS = frozenset(["title"])
# A company, unless the file has a column for companies besides.
CUSTOMER_HEADERS = frozenset(
    map(fold_header, ["customer", "customer name", "client", "client name", "العميل", "اسم العميل"])
)
# The company's website in one file; beside a website column, the page that the row was taken from.
LINK_HEADERS = frozenset(map(fold_header, ["url", "link", "links", "web link", "رابط", "الرابط"]))
# Which of several it is (Phone (Office), Email [work]), and never what it is.
IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# What an API puts around all values of a record says nothing about one of them.
AROUND_A_RECORD = re.compile(r"^(?:properties|attributes|fields|_source|record)\.", re.IGNORECASE)
WORD_IN_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
# The company's name in one more language: says nothing about whose name the bare one is.
NAME_VARIANTS = frozenset(
    map(
        fold_header,
        ["name en", "name:en", "name english", "english name", "names primary",
         "الاسم الانجليزي", "الاسم بالانجليزي"],
    )
)  # fmt: skip
# A kind of place in one file (shop: bakery), its name in another.
KIND_HEADERS = frozenset(map(fold_header, ["shop", "store", "clinic", "restaurant", "business", "listing"]))
OWNER_HEADERS = frozenset(map(fold_header, ["owner", "manager"]))
# A header with one of these words and no meaning of its own may hold people's ids; the cells tell.
ID_WORDS = frozenset(
    ["id", "ids", "no", "num", "nr", "number", "numbers", "identifier", "identity", "code", "الرقم", "رقم",
     "ارقام", "الارقام", "المعرف", "معرف"]
)  # fmt: skip
FAX = frozenset(["fax", "telefax", "facsimile", "فاكس", "الفاكس"])
SURE = 0.8
INSIDE = 0.8  # found in a longer header
LONGEST_HEADER = 300
# So many cells of a column have to look alike to say what it is.
MOST = 0.5
BY_A_PERSON = ("file", "saved")


NAME_FIELDS = frozenset(["company_name", "company_name_ar"])
# Of a cell in these, a header's words may be what the row says: opted out, unsubscribed.
YES_OR_NO_FIELDS = frozenset(["opt_out", "opt_in", "contact_status"])
VALUE_LIKE = re.compile(r"@.+\.|^\+?[\d\s().\-]{7,}$|^https?://|^www\.", re.IGNORECASE)


_Found = tuple[str | None, float, str]


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
    cells = [
        ColumnCells([row[position] for row in sample if position < len(row)])
        for position in range(len(columns))
    ]
    found: list[_Found] = []
    for position, column in enumerate(columns):
        if column in chosen:
            found.append((chosen[column], 1.0, "file"))
        elif column in saved:
            found.append((saved[column], 1.0, "saved"))
        else:
            field, confidence = _by_cells(column, *_field_of(column), cells[position])
            found.append((field, confidence, "alias" if field else "none"))
    found = _people_apart_from_companies(columns, found, cells)
    found = _pages_apart_from_websites(columns, found)
    return _ranked(columns, found, cells)


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


def holds_a_value(cell: str) -> bool:
    """Whether the cell is an email, a number or an address, as no header is."""
    return bool(VALUE_LIKE.search(cell.strip()))


def names_columns_again(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row below the header is a second one: the same columns in another language, or once more.

    Most of what it says has to be a header of the field that the column above is taken for, or that header
    itself; a company's name under a header of companies is a lead, and so is a row with a value.
    """
    if any(map(holds_a_value, cells)):
        return False
    told = alike = 0
    for cell, name in zip_longest(cells, header, fillvalue=""):
        field = _field_of(name)[0]
        if not cell.strip() or field in YES_OR_NO_FIELDS:
            continue
        is_alike = fold_header(cell) == fold_header(name) or (
            field is not None and _is_alias(cell) and _field_of(cell)[0] == field
        )
        if field in NAME_FIELDS and not is_alike:
            return False
        told, alike = told + 1, alike + is_alike
    return alike > 1 and alike * 2 > told


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
    if len(header) > LONGEST_HEADER:
        return None, 0.0
    header = AROUND_A_RECORD.sub("", header)
    words = fold_words(WORD_IN_CAMEL_CASE.sub(" ", header))
    if any(word in FAX for word in words) and not _speaks_of_opt_out(words):
        return None, 0.0
    for attempt, certainty in (
        ("".join(words), 1.0),
        ("".join(words).rstrip("0123456789"), 1.0),
        ("".join(word for word in words if word != "the"), 1.0),
        # Company Name / اسم الشركة: each half says it by itself.
        ("".join(word for word in words if word.isascii()), 0.95),
        ("".join(word for word in words if not word.isascii()), 0.95),
    ):
        alias = _aliases().get(attempt)
        if alias and (certainty == 1.0 or alias.confidence >= SURE):
            return alias.field, round(alias.confidence * certainty, 2)
    inside = [alias for alias in _aliases().values() if alias.counts_inside and _stands_in(alias, words)]
    if not inside:
        alias = _aliases().get(fold_header(IN_BRACKETS.sub(" ", header)))
        return (alias.field, INSIDE) if alias and alias.confidence >= SURE else (None, 0.0)
    # The safe reading first: an opt-out or a sensitive column, else the most specific words.
    best = max(inside, key=lambda alias: (alias.field in COUNTS_ANYWHERE, len(alias.words)))
    return best.field, INSIDE


def _speaks_of_opt_out(words: list[str]) -> bool:
    return any(
        alias.field == "opt_out" and (alias.counts_inside or alias.words == tuple(words))
        and _stands_in(alias, words)
        for alias in _aliases().values()
    )  # fmt: skip


def _stands_in(alias: _Alias, words: list[str]) -> bool:
    """Whether the alias's words stand together in these, however they are parted (e mail, email)."""
    joined = "".join(alias.words)
    places = [
        (start, end)
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
        if "".join(words[start:end]) == joined
    ]
    if alias.field in COUNTS_ANYWHERE:
        return bool(places)
    return any(start == 0 if alias.is_arabic else end == len(words) for start, end in places)


def _by_cells(
    column: str, field: str | None, confidence: float, cells: ColumnCells
) -> tuple[str | None, float]:
    """What the header says, unless it leaves its meaning open and the cells say something else."""
    if _may_hold_ids(column, field, confidence) and cells.national_ids >= 0.3:
        return "sensitive_national_id", 0.9
    if not cells.filled:
        return field, confidence
    if field == "website" and cells.like(LINKEDIN) >= MOST:
        return "source_url", 0.6
    if field == "website" and cells.like(LINKEDIN_PAGE) >= MOST:
        return "linkedin_url", 0.6
    if field == "website" and cells.like(MAP_PAGE) >= MOST:
        return "source_url", 0.6
    is_open = field is not None and confidence < SURE and fold_header(column) not in NAME_HEADERS
    if is_open:
        return _by_open_header(field, confidence, cells)
    # Found by the end of its header: Has Email, Phone Type in another order.
    is_inferred = confidence == INSIDE and not _is_alias(column)
    held = {"phone": cells.phones, "email": cells.emails, "website": cells.websites}
    if is_inferred and cells.sampled >= 3 and held.get(field) == 0:
        return None, 0.0
    if field == "company_name" and fold_header(column) in KIND_HEADERS and _is_a_kind(cells):
        return "sector", 0.6
    return field, confidence


def _by_open_header(field: str | None, confidence: float, cells: ColumnCells) -> tuple[str | None, float]:
    """`Location`, `الموقع`, `Link`, `Number`: what most of the cells hold."""
    if cells.like(LINKEDIN) >= MOST or cells.like(MAP_PAGE) >= MOST:
        return "source_url", 0.6
    if cells.emails >= MOST:
        return "email", 0.6
    if cells.websites >= MOST:
        return "website", 0.6
    if cells.phones >= MOST:
        return "phone", 0.6
    if field in ("phone", "email", "website") or cells.like(COORDINATES) >= MOST:
        return None, 0.0
    if field == "city" and cells.long_texts >= MOST:
        return "address", 0.6
    return field, confidence


def _is_a_kind(cells: ColumnCells) -> bool:
    return len(cells.filled) >= 10 and cells.different < 0.3


def _may_hold_ids(column: str, field: str | None, confidence: float) -> bool:
    """Whether the header is one of a number of somebody, and of nothing else that is known."""
    return (field is None or confidence < SURE) and bool(
        ID_WORDS.intersection(fold_words(WORD_IN_CAMEL_CASE.sub(" ", column)))
    )


def _people_apart_from_companies(
    columns: Sequence[str], found: list[_Found], cells: Sequence[ColumnCells]
) -> list[_Found]:
    """A bare `name` is the company only in a file without another company column and without people.

    A column that is empty throughout the sample says nothing about what the file is about.
    """
    # The reader numbers a header that comes twice: Name, Name_2.
    headers = [fold_header(column).rstrip("0123456789") for column in columns]
    named = {
        position: field
        for position, (field, _, origin) in enumerate(found)
        if cells[position].filled or not cells[position].sampled or origin in BY_A_PERSON
    }
    doubtful = {
        position
        for position, (field, _, origin) in enumerate(found)
        if origin == "alias" and field == "company_name" and headers[position] in NAME_HEADERS | TITLE_HEADERS
    }
    companies = {
        position
        for position, field in named.items()
        if field == "company_name" and position not in doubtful and headers[position] not in NAME_VARIANTS
    }
    customers = {
        position
        for position in companies
        if headers[position] in CUSTOMER_HEADERS and found[position][2] == "alias"
    }
    if companies - customers:
        doubtful |= customers
    has_company = bool(companies)
    people = doubtful if has_company else set()
    settled = _without_our_own_people(headers, found, cells, people)
    fields = {settled[position][0] for position in named}
    # Where the person stands in a column of its own, the bare name is the company's.
    if not has_company and ("contact_name" in fields or not fields & PERSON_FIELDS):
        return [
            (None, 0.0, "none") if headers[position] in TITLE_HEADERS and _is_no_company(cells[position])
            else entry
            for position, entry in enumerate(settled)
        ]  # fmt: skip
    for position in sorted(doubtful):
        is_title = headers[position] in TITLE_HEADERS
        if is_title and cells[position].like(SALUTATION) >= MOST:
            settled[position] = (None, 0.0, "none")
            continue
        field = "contact_role" if is_title else "contact_name"
        # A seniority or a department beside a title is the lesser word for the same.
        is_free = all(
            entry[0] != field or (is_title and entry[1] < SURE)
            for at, entry in enumerate(settled)
            if at != position
        ) and not (field == "contact_name" and "contact_first_name" in fields)
        settled[position] = (field, 0.7, "alias") if is_free else (None, 0.0, "none")
    return settled


def _is_no_company(cells: ColumnCells) -> bool:
    return cells.like(SALUTATION) >= MOST or cells.like(JOB_TITLE) >= MOST


def _without_our_own_people(
    headers: Sequence[str], found: list[_Found], cells: Sequence[ColumnCells], people: Set[int]
) -> list[_Found]:
    """An `Owner` beside people, or one of a few names that come again and again, is the CRM's user.

    `people`: positions of bare names that are people's.
    """
    others = {field for position, (field, _, _) in enumerate(found) if headers[position] not in OWNER_HEADERS}
    has_people = bool(others & {"contact_name", "contact_first_name", "contact_last_name"}) or any(
        headers[position] not in TITLE_HEADERS for position in people
    )
    return [
        (None, 0.0, "none")
        if entry[0] == "contact_name"
        and entry[2] == "alias"
        and headers[position] in OWNER_HEADERS
        and (has_people or _is_a_kind(cells[position]))
        else entry
        for position, entry in enumerate(found)
    ]


def _pages_apart_from_websites(columns: Sequence[str], found: list[_Found]) -> list[_Found]:
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


def _ranked(
    columns: Sequence[str], found: Sequence[_Found], cells: Sequence[ColumnCells]
) -> list[MappedColumn]:
    """What a person said first, then the fuller column of two very different ones, then the surer."""
    order: dict[str, list[int]] = {}
    fullest: dict[str | None, float] = {}
    for (field, _, _), column_cells in zip(found, cells, strict=True):
        fullest[field] = max(fullest.get(field, 0.0), column_cells.fill_rate)

    def precedence(at: int) -> tuple[bool, bool, float, int]:
        field, confidence, origin = found[at]
        # Where all columns count, the file's own order stands.
        is_sparse = field not in MULTI_VALUED and cells[at].fill_rate < fullest[field] / 2
        return origin not in BY_A_PERSON, is_sparse, -confidence, at

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
