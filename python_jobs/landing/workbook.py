"""Reads one sheet of an Excel workbook (.xlsx) as text, the way a person sees it in the cells."""

import contextlib
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import python_calamine

from python_jobs.command_line import UsageProblem
from python_jobs.landing.library_table import LibraryTable, TableWriter, plain_number
from python_jobs.landing.unpack import check_workbook_archive
from python_jobs.landing.workbook_links import cell_links, link_targets, links_that_say_more

# The library holds every cell between the first and the last one in memory, filled or not.
MOST_CELLS = 25_000_000
LARGEST_PART = 32 << 20
CHUNK = 4 << 20
ATTRIBUTES = rb"""(?:[^>"']|"[^"]*"|'[^']*')*"""
CELL_OR_ROW = re.compile(rb"<(?:[\w.-]+:)?(c|row)(?=[\s/>])(" + ATTRIBUTES + rb")>(</)?")
ANY_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
USUAL_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
PLACE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
STYLE = re.compile(rb"""(?:^|\s)s\s*=\s*["']([0-9]+)["']""")
# The value of a formula that failed: the library leaves it out.
ERROR_CELL = re.compile(rb"""(?:^|\s)t\s*=\s*["']e["']""")
FORMULA_MARKS = (b"<f>", b"<f ", b"<f/>", b":f>", b":f ", b":f/>")
FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
# A formula that gave an empty text is no formula without a result.
TEXT_RESULT = re.compile(rb"""(?:^|\s)t\s*=\s*["']str["']""")
VALUE = re.compile(rb"<(?:[\w.-]+:)?v>([^<]*)<")
TEXT_CELL = re.compile(rb"""(?:^|\s)t\s*=\s*["'](?:s|str|inlineStr)["']""")
# The pieces of a number format that shows a whole number: text ("0", \+, [$+966-401]), what shows nothing
# (a language, a colour, a gap), and the places of digits (000 000 0000, 0#########).
FORMAT_PIECE = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | (?P<plain>[\ ()+-]) | \[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]
    | \[[A-Za-z]{3,}\d*\] | [_*].
    | (?P<digit>[0#?])
    """,
    re.VERBOSE,
)
# Formats that a workbook does not spell out (ECMA-376, 18.8.30).
PERCENT_FORMATS = {"9": "0%", "10": "0.00%"}
NOT_SHOWN_AS_IT_STANDS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")


@dataclass(frozen=True)
class SheetTable:
    """The sheet that was read, as a table, and the sheets that were not.

    `uncomputed` counts, by the column's place, the formulas that no program has computed yet.
    """

    table: LibraryTable
    sheet: str
    other_sheets: tuple[str, ...]
    uncomputed: Mapping[int, int] = field(default_factory=dict)

    @property
    def hint(self) -> str:
        """The sentence that names the other sheets, if there are any."""
        return f" Other sheets (--sheet): {', '.join(self.other_sheets)}." if self.other_sheets else ""


def read_workbook(path: Path, name: str, sheet: str | None, folder: Path) -> SheetTable:
    """The sheet of that name, else the first visible one, written into `folder`.

    A number is written without the point that the format invents (501234567.0), with the leading
    zeros, the country code or the percent of the cell's format; dates are ISO text. A cell that is
    merged over several rows says the same in each of them; `Click here` in a column of such texts is
    followed by what it links to, in angle brackets. Rows without any value or formula are left
    out. Raises UsageProblem when there is no such sheet or it cannot be read.
    """
    check_workbook_archive(path, name)
    try:
        return _read(path, name, sheet, folder)
    except UsageProblem:
        raise
    except python_calamine.PasswordError:
        raise UsageProblem(f"{name} is protected by a password. Ask for it without.") from None
    except (
        python_calamine.CalamineError, OSError, ValueError, KeyError, StopIteration, ElementTree.ParseError,
    ) as error:  # fmt: skip
        raise UsageProblem(_damaged(name, str(error))) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the library's own bugs are no Exception
            raise
        raise UsageProblem(_damaged(name, str(error))) from error


def _read(path: Path, name: str, sheet: str | None, folder: Path) -> SheetTable:
    with python_calamine.CalamineWorkbook.from_path(path) as workbook, zipfile.ZipFile(path) as archive:
        chosen = _choose_sheet(workbook, name, sheet)
        others = tuple(title for title in _sheets_with_cells(workbook) if title != chosen)
        home = _workbook_part(archive)
        part = _sheet_part(archive, home, chosen)
        _check_extent(archive, part, name, chosen)
        formats = _telling_formats(archive, home)
        has_errors, has_formulas, has_links = _errors_formulas_links(archive, part)
        shown = None
        if formats or has_errors or has_formulas:
            is_computed = not (has_formulas and _computes_when_opened(archive, home))
            shown = _ShownCells(archive, part, formats, has_errors, has_formulas, is_computed)
        content = workbook.get_sheet_by_name(chosen)
        first_column = content.start[1] + 1 if content.start else 1
        merged = _MergedCells(content.merged_cell_ranges or (), first_column)
        links = _links(archive, part, content, first_column, has_links)
        writer = TableWriter(folder / "sheet.csv")
        has_text = False
        for number, values in enumerate(content.iter_rows(), start=1):
            cells = list(map(_as_text, values))
            has_uncomputed = shown.fill_in(number, first_column, cells) if shown else False
            is_filled = bool("".join(cells).strip())
            has_text = has_text or is_filled
            for place, link in links.get(number, {}).items():
                cells[place] = f"{cells[place]} <{link}>"
            if is_filled or has_uncomputed:
                merged.fill_in(number, cells)
                writer.write(cells, number)
        # Below the last value the library sees no rows.
        for number in shown.uncomputed_below(first_column) if shown else ():
            writer.write([""], number)
        uncomputed = shown.uncomputed if shown else {}
        found = SheetTable(writer.finish(), chosen, others, uncomputed)
    if uncomputed and not has_text:
        raise UsageProblem(
            f"The sheet {chosen!r} of {name} has nothing but formulas that were never computed "
            f"({sum(uncomputed.values()):,}). Open it in Excel, save it, and take that.{found.hint}"
        )
    if not found.table.row_count:
        raise UsageProblem(f"The sheet {chosen!r} of {name} has no rows.{found.hint}")
    return found


def _links(
    archive: zipfile.ZipFile,
    part: str,
    content: python_calamine.CalamineSheet,
    first_column: int,
    has_formulas: bool,
) -> dict[int, dict[int, str]]:
    """Row -> place in it -> what its cell links to and does not say."""
    folder, _, name = part.rpartition("/")
    try:
        targets = link_targets(_xml(archive, f"{folder}/_rels/{name}.rels"))
    except KeyError:
        targets = {}
    if not targets and not has_formulas:
        return {}
    links = {
        row: {_column_number(letters) - first_column: link for letters, link in of_row.items()}
        for row, of_row in cell_links(targets, _chunks(archive, part)).items()
    }
    rows = ((number, list(map(_as_text, row))) for number, row in enumerate(content.iter_rows(), start=1))
    return links_that_say_more(links, rows) if links else {}


def _errors_formulas_links(archive: zipfile.ZipFile, part: str) -> tuple[bool, bool, bool]:
    """Whether the sheet may hold formulas that failed, any formulas, and formulas that link."""
    has_errors = has_formulas = has_links = False
    for chunk in _chunks(archive, part):
        has_errors = has_errors or b't="e"' in chunk or b"t='e'" in chunk
        has_formulas = has_formulas or any(mark in chunk for mark in FORMULA_MARKS)
        has_links = has_links or b"HYPERLINK(" in chunk
    return has_errors, has_formulas, has_links


def _computes_when_opened(archive: zipfile.ZipFile, workbook: str) -> bool:
    """Whether the results of formulas are still to come: the file's writer stored 0 in their place."""
    return any(
        settings.get("fullCalcOnLoad") in ("1", "true")
        for settings in _xml(archive, workbook).iterfind("{*}calcPr")
    )


def _sheets_with_cells(
    workbook: python_calamine.CalamineWorkbook,
) -> dict[str, python_calamine.SheetVisibleEnum]:
    """The sheets that are no charts, and whether they are hidden."""
    return {
        sheet.name: sheet.visible
        for sheet in workbook.sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    }


def _choose_sheet(workbook: python_calamine.CalamineWorkbook, name: str, wanted: str | None) -> str:
    tables = _sheets_with_cells(workbook)
    titles = list(tables)
    if wanted is not None:
        for title in titles:
            if title == wanted or title.strip().casefold() == wanted.strip().casefold():
                return title
        raise UsageProblem(f"{name} has no sheet {wanted!r}. It has: {', '.join(titles)}.")
    visible = [title for title in titles if tables[title] == python_calamine.SheetVisibleEnum.Visible]
    if not titles:
        raise UsageProblem(f"{name} has no sheet with cells.")
    return (visible or titles)[0]


def _as_text(value: Any) -> str:
    """A cell's value as a person would type it."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        # Fifteen digits are what a spreadsheet keeps and shows; a float has none of its own beyond 2**53.
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else plain_number(f"{value:.15g}")
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


def _member(archive: zipfile.ZipFile, part: str) -> str:
    """The part's name in the archive, whatever its case and slashes. Raises KeyError without it."""
    wanted = part.replace("\\", "/").lstrip("/").lower()
    for name in archive.namelist():
        if name.replace("\\", "/").lower() == wanted:
            return name
    raise KeyError(f"There is no part {part}")


def _workbook_part(archive: zipfile.ZipFile) -> str:
    """The part that lists the sheets: usually xl/workbook.xml, but the package itself says where."""
    with contextlib.suppress(KeyError):
        for element in _xml(archive, "_rels/.rels"):
            if element.get("Type", "").endswith("/officeDocument"):
                return element.get("Target", "").lstrip("/")
    return "xl/workbook.xml"


def _related_part(archive: zipfile.ZipFile, workbook: str, kind: str, relation: str | None = None) -> str:
    """The part that the workbook relates to, by the relation's id or else its kind. Raises KeyError."""
    folder, _, name = workbook.rpartition("/")
    for element in _xml(archive, f"{folder}/_rels/{name}.rels"):
        is_it = element.get("Id") == relation if relation else element.get("Type", "").endswith(kind)
        if is_it:
            target = element.get("Target", "")
            # Some write the whole path and leave the slash out.
            is_whole = target.startswith("/") or (folder and target.startswith(f"{folder}/"))
            return _member(archive, target if is_whole else f"{folder}/{target}")
    raise KeyError(f"The workbook has no {kind.strip('/')}")


def _sheet_part(archive: zipfile.ZipFile, workbook: str, sheet: str) -> str:
    """The name of the part that holds the sheet's cells. Raises KeyError when there is none."""
    relation = next(
        value
        for element in _xml(archive, workbook).iterfind(".//{*}sheets/{*}sheet")
        if element.get("name") == sheet
        for key, value in element.items()
        if key.endswith("}id")
    )
    return _related_part(archive, workbook, "/worksheet", relation)


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    member = _member(archive, part)
    if archive.getinfo(member).file_size > LARGEST_PART:
        raise ValueError(f"{part} is too large")
    text = archive.read(member)
    if b"<!DOCTYPE" in text:  # never in a workbook; entities would be a bomb
        raise ValueError(f"{part} has a document type")
    return ElementTree.fromstring(text)


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part's XML, cut where a row begins, or else a cell, or at least where a tag ends."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            chunk = rest + chunk
            places = (chunk.rfind(b"<row"), chunk.rfind(b"<c "), chunk.rfind(b">") + 1)
            cut = next((place for place in places if place > 0), 0)
            yield chunk[:cut]
            rest = chunk[cut:]
            if len(rest) > LARGEST_PART:
                raise ValueError("a cell is too large")
    yield rest


def _next_cell(chunk: bytes, at: int) -> int:
    """Where the cell after this place begins, or the chunk ends."""
    found = ANY_CELL.search(chunk, at)
    return found.start() if found else len(chunk)


def _check_extent(archive: zipfile.ZipFile, part: str, name: str, sheet: str) -> None:
    """Raises UsageProblem for a sheet whose cells lie so far apart that it does not fit in memory."""
    last_row, widest = _extent(archive, part)
    if last_row * widest > MOST_CELLS:
        # The library does not hold cells that are only formatted.
        last_row, widest = _extent(archive, part, only_filled=True)
    if last_row * widest > MOST_CELLS:
        raise UsageProblem(
            f"The sheet {sheet!r} of {name} reaches to row {last_row:,} and column {widest:,}, too far to be "
            "read as a table. Delete what stands far off, or save the list as CSV."
        )


def _extent(archive: zipfile.ZipFile, part: str, only_filled: bool = False) -> tuple[int, int]:
    """The last row and the last column that have a cell, or one with something in it."""
    last_row, widest = 1, 1
    row = column = 0
    for chunk in _chunks(archive, part):
        usual = USUAL_CELL.findall(chunk)
        if not only_filled and len(usual) == len(ANY_CELL.findall(chunk)):
            last_row = max(last_row, *map(int, {place[1] for place in usual}), 1)
            widest = max(widest, *map(_column_number, {place[0] for place in usual}), 1)
            row, column = last_row, widest
            continue
        # Cells without a place follow the one before.
        for kind, attributes, end in CELL_OR_ROW.findall(chunk):
            place = PLACE.search(attributes)
            is_empty = attributes.endswith(b"/") or bool(end)
            row, column = _place(kind, place, row, column)
            if not only_filled or (kind == b"c" and not is_empty):
                last_row, widest = max(last_row, row), max(widest, column)
    return last_row, widest


def _place(kind: bytes, said: re.Match | None, row: int, column: int) -> tuple[int, int]:
    """The row and column of a row or cell that comes after these; one that does not say its place is next."""
    if kind == b"row":
        return int(said[2]) if said else row + 1, 0
    return (max(row, int(said[2])), _column_number(said[1])) if said else (row, column + 1)


@cache
def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class _NumberFormat(NamedTuple):
    """What a number format shows of a number and the library does not: digits in front, or a percentage."""

    before: str = ""
    digits: int = 0
    is_percent: bool = False

    def shown(self, text: str) -> str:
        """The text of a number as the cell shows it, with all the decimals that it has."""
        if self.is_percent and NUMBER.match(text):
            return f"{Decimal(text).scaleb(2):f}%"
        return self.before + text.zfill(self.digits) if text.isdecimal() else text


PLAIN = _NumberFormat()


def _telling_formats(archive: zipfile.ZipFile, workbook: str) -> dict[int, _NumberFormat]:
    """The number formats that show more than the number, by the cell style that has them."""
    try:
        styles = _xml(archive, _related_part(archive, workbook, "/styles"))
    except KeyError:
        return {}
    codes = PERCENT_FORMATS | {
        element.get("numFmtId"): element.get("formatCode", "")
        for element in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    formats = {number: _number_format(code.split(";")[0]) for number, code in codes.items()}
    return {
        style: formats[element.get("numFmtId")]
        for style, element in enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
        if formats.get(element.get("numFmtId"), PLAIN) != PLAIN
    }


def _number_format(code: str) -> _NumberFormat:
    if "%" in NOT_SHOWN_AS_IT_STANDS.sub("", code):
        return _NumberFormat(is_percent=True)
    before, digits = _digits_shown(code)
    return _NumberFormat(before, digits) if before or digits > 1 else PLAIN


def _digits_shown(code: str) -> tuple[str, int]:
    """What a number format puts before a whole number (`0`, `+966`), and how many digits it shows at least.

    Nothing of a format that shows letters, fractions or dates.
    """
    before, places, position = "", "", 0
    while position < len(code):
        piece = FORMAT_PIECE.match(code, position)
        if piece is None:
            return "", 0
        text = "".join(filter(None, piece.group("quoted", "escaped", "plain", "currency")))
        if any(map(str.isalpha, text)) or (places and any(map(str.isdecimal, text))):
            return "", 0
        before += text
        places += piece["digit"] or ""
        position = piece.end()
    before = "".join(letter for letter in before if letter.isdecimal() or letter == "+")
    # Every place behind the first 0 is filled; a + alone says nothing.
    return before if places and before.strip("+") else "", len(places.lstrip("#?"))


class _ShownCell(NamedTuple):
    """What there is to tell of one cell."""

    row: int
    column: int
    number_format: _NumberFormat = PLAIN
    error: str = ""
    is_uncomputed: bool = False


class _ShownCells:
    """Goes along the sheet's XML for what its cells show and the library does not tell.

    These are what a number's format shows besides, and the errors of formulas that failed. Formulas
    without a result are counted in `uncomputed`, by the place of their column.
    """

    def __init__(
        self,
        archive: zipfile.ZipFile,
        part: str,
        formats: dict[int, _NumberFormat],
        has_errors: bool,
        has_formulas: bool,
        is_computed: bool,
    ):
        self.uncomputed: Counter[int] = Counter()
        self._formats, self._has_errors = formats, has_errors
        self._has_formulas, self._is_computed = has_formulas, is_computed
        self._cells = self._find(_chunks(archive, part))
        self._next = next(self._cells, None)

    def fill_in(self, row: int, first_column: int, cells: list[str]) -> bool:
        """Write into the row what its cells show; whether one of them is a formula without a result."""
        has_uncomputed = False
        while (found := self._next) and found.row <= row:
            place = found.column - first_column
            if found.is_uncomputed:
                self.uncomputed[place] += 1
                has_uncomputed |= found.row == row
            elif found.row == row and 0 <= place < len(cells):
                cells[place] = found.number_format.shown(cells[place]) or found.error
            self._next = next(self._cells, None)
        return has_uncomputed

    def uncomputed_below(self, first_column: int) -> Iterator[int]:
        """The rows that are left and have a formula without a result."""
        last = 0
        while found := self._next:
            if found.is_uncomputed:
                self.uncomputed[found.column - first_column] += 1
                if found.row > last:
                    yield (last := found.row)
            self._next = next(self._cells, None)

    def _find(self, chunks: Iterator[bytes]) -> Iterator[_ShownCell]:
        row = column = 0
        for chunk in chunks:
            for tag in CELL_OR_ROW.finditer(chunk):
                kind, attributes = tag[1], tag[2]
                row, column = _place(kind, PLACE.search(attributes), row, column)
                if kind == b"row":
                    continue
                if self._has_errors and ERROR_CELL.search(attributes):
                    value = VALUE.search(chunk, tag.end(), _next_cell(chunk, tag.end()))
                    yield _ShownCell(row, column, error=value[1].decode() if value else "")
                elif self._has_formulas and self._is_uncomputed(chunk, tag):
                    yield _ShownCell(row, column, is_uncomputed=True)
                style = STYLE.search(attributes)
                number_format = self._formats.get(int(style[1])) if style else None
                if number_format and not TEXT_CELL.search(attributes):
                    yield _ShownCell(row, column, number_format)

    def _is_uncomputed(self, chunk: bytes, tag: re.Match) -> bool:
        if tag[2].endswith(b"/") or TEXT_RESULT.search(tag[2]):
            return False
        end = _next_cell(chunk, tag.end())
        if not FORMULA.search(chunk, tag.end(), end):
            return False
        value = VALUE.search(chunk, tag.end(), end)
        return not value or not value[1] or (value[1] == b"0" and not self._is_computed)


class _MergedCells:
    """Repeats a cell that is merged over several rows in each of them that says something itself.

    The file holds its text in the first row only, so that an opt-out or a company of many rows would be
    that of one.
    """

    def __init__(self, ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], first_column: int):
        self._begin: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in ranges:
            if bottom > top:
                self._begin.setdefault(top + 1, []).append((left + 1 - first_column, bottom + 1))
        self._open: dict[int, tuple[int, str]] = {}

    def fill_in(self, row: int, cells: list[str]) -> None:
        for place, (last_row, text) in list(self._open.items()):
            if row > last_row:
                del self._open[place]
            elif not cells[place]:
                cells[place] = text
        for place, last_row in self._begin.get(row, ()):
            if 0 <= place < len(cells):
                self._open[place] = last_row, cells[place]


def _damaged(name: str, reason: str) -> str:
    return f"{name} is a damaged Excel workbook ({reason}). Open it, save it again, or save it as CSV."
