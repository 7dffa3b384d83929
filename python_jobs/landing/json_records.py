"""Reads JSON as a table: a list of objects, {"rows": [...]}, or one object per line (JSONL).

An object inside an object gives columns like `location.city`; a list of plain values is one cell,
divided by semicolons; what lies deeper stays JSON text. Numbers are text as they were meant.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_jobs.command_line import UsageProblem
from python_jobs.landing.library_table import LibraryTable, TableWriter, plain_number

CHUNK = 1 << 20
LONGEST_RECORD = 64 << 20
MOST_COLUMNS = 10_000
DEEPEST_COLUMN = 4
LOOKS_LIKE_JSON = re.compile(r'\ufeff?\s*(?:\{\s*(?:["}]|\Z)|\[\s*(?:[\[{\]"]|\Z))')
# A table could begin with [1, 2 as well: only its end tells.
LIST_OF_VALUES = re.compile(r"\ufeff?\s*\[\s*(?:-?\d[\d.eE+-]*|true|false|null)\s*[,\]]")
BROKEN_LETTER = re.compile("[\udc80-\udcff]")
SPACE = re.compile(r"[ \t\r\n]*")
LIST_KEYS = frozenset(["rows", "data", "results", "result", "items", "records", "leads", "companies"])
FORMS = 'a list of objects, {"rows": [...]}, or one object per line'


@dataclass(frozen=True)
class UnreadRecord:
    """A record that is no row: where it stood, its text, and a reason code."""

    line_number: int
    text: str
    reason: str


@dataclass(frozen=True)
class JsonTable:
    """The rows as a table, the keys of its columns, and what was no row.

    `is_wrapper`: the only row is an object around a list of leads.
    """

    table: LibraryTable
    keys: tuple[str, ...]
    unread: tuple[UnreadRecord, ...]
    form: str
    is_wrapper: bool


class _Number(str):
    """A number as it stands in the file, so that no digit is lost."""


class _Broken(Exception):
    """The text is not JSON from here on."""


class _TooDeep(Exception):
    """Nested deeper than Python can follow."""


_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple,  # keeps a key that comes twice
    parse_int=_Number,
    parse_float=_Number,
    parse_constant=_Number,
    strict=False,
)


def read_json(path: Path, name: str, folder: Path) -> JsonTable:
    """The file's records, written into `folder`. `path` is UTF-8 text.

    A line of JSONL that is no object is kept apart; a list or document that is not JSON throughout
    cannot be read at all. Raises UsageProblem then.
    """
    document = _Document(path)
    try:
        start = document.peek()
        if start == "[":
            return _table(document.elements(), folder, "JSON list")
        if document.enter_rows():
            return _table(document.elements(), folder, "JSON rows", document)
        is_spread = document.line > 1 or document.goes_on_in_line()
    except _TooDeep:
        raise UsageProblem(
            f"{name} is JSON nested too deeply for a table (near line {document.line}). "
            f"A lead list is {FORMS}."
        ) from None
    except _Broken as problem:
        is_spread = False
        if start == "[" or document.is_in_rows:
            raise UsageProblem(
                f"{name} is not valid JSON near line {document.line} ({problem}), so nothing can be read "
                "from it. Ask for it again, or for CSV."
            ) from problem
    finally:
        document.close()
    return _objects(path, name, folder, is_spread)


def _objects(path: Path, name: str, folder: Path, is_spread: bool) -> JsonTable:
    """The table of one object per line, or of objects that are spread over lines or share one."""
    no_list = UsageProblem(f"{name} is JSON, but no list of leads: it must be {FORMS}.")
    if is_spread:
        document = _Document(path)
        try:
            result = _table(document.objects(), folder, "JSON objects")
        except _Broken as problem:
            raise UsageProblem(
                f"{name} is not valid JSON near line {document.line} ({problem}), so nothing can be read "
                "from it. Ask for it again, or for CSV."
            ) from problem
        finally:
            document.close()
    else:
        result = _table(_records_of_lines(path), folder, "JSON lines")
        # The lines of one document, a few of which happen to be objects.
        broken = [record.line_number for record in result.unread if record.reason == "malformed_json"]
        first_row = result.table.line_numbers.of(1)
        if broken and broken[0] < first_row and len(broken) > result.table.row_count:
            raise no_list
    if not result.table.row_count or result.is_wrapper:
        raise no_list
    return result


def _wraps_leads(record: tuple) -> bool:
    """Whether this is no lead but an object around them: landed as a row, it would hide them.

    It holds a list of objects, under whatever name, or nothing but lists and objects: columns of values, or
    leads by their ids, as data frames are written.
    """
    return (
        any(key in LIST_KEYS for key, _ in record)
        or any(isinstance(value, list) and any(isinstance(item, tuple) for item in value)
               for _, value in record)
        or all(isinstance(value, (list, tuple)) for _, value in record)
    )  # fmt: skip


def _records_of_lines(path: Path) -> Iterator[tuple[int, str, Any]]:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            text = line.removeprefix("\ufeff").strip()
            if not text:
                continue
            try:
                value = _DECODER.decode(text)
            except RecursionError:
                value = _TooDeep
            except ValueError:
                value = _Broken
            yield number, text, value


def _table(
    records: Iterator[tuple[int, str, Any]], folder: Path, form: str, document: "_Document | None" = None
) -> JsonTable:
    columns: dict[tuple[str, int], int] = {}
    unread: list[UnreadRecord] = []
    writer = TableWriter(folder / "records.csv")
    last: tuple = ()
    for place, text, value in records:
        reason = _reason_against(text, value)
        if reason is None:
            try:
                cells = _cells(value, columns)
            except RecursionError:
                reason = "nested_too_deep"
        if reason:
            unread.append(UnreadRecord(place, text, reason))
        else:
            writer.write(cells, place)
            last = value
    table = writer.finish()
    if document:
        unread += document.around_rows
    is_wrapper = table.row_count == 1 and _wraps_leads(last)
    return JsonTable(table, tuple(key for key, _ in columns), tuple(unread), form, is_wrapper)


def _reason_against(text: str, value: Any) -> str | None:
    if value is _TooDeep:
        return "nested_too_deep"
    if not text.isascii() and BROKEN_LETTER.search(text):
        return "invalid_encoding"
    if value is _Broken:
        return "malformed_json"
    return None if isinstance(value, tuple) else "not_an_object"


def _cells(record: tuple, columns: dict[tuple[str, int], int]) -> list[str]:
    """The record's cells by column; a key that is new becomes a column."""
    cells = [""] * max(len(columns), 1)
    seen: dict[str, int] = {}
    for key, text in _flat(record, "", 0):
        ordinal = seen[key] = seen.get(key, 0) + 1
        place = columns.setdefault((key, ordinal), len(columns))
        if place >= MOST_COLUMNS:
            raise UsageProblem(
                f"The records have more than {MOST_COLUMNS:,} different keys, which is no table of leads."
            )
        if place >= len(cells):
            cells.append("")
        cells[place] = text
    return cells


def _flat(record: tuple, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, value in record:
        if isinstance(value, tuple) and value and depth < DEEPEST_COLUMN:
            yield from _flat(value, f"{prefix}{key}.", depth + 1)
        else:
            yield prefix + key, _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, _Number):
        return plain_number(value) if value[-1:].isdigit() else str(value)
    if isinstance(value, str):
        return value
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and not any(isinstance(item, (list, tuple)) for item in value):
        return "; ".join(filter(None, map(_as_text, value)))
    return _as_json(value)


def _as_json(value: Any) -> str:
    if isinstance(value, tuple):
        return "{" + ", ".join(f"{_as_json(key)}: {_as_json(item)}" for key, item in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_json, value)) + "]"
    return str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)


class _Document:
    """A JSON text that is decoded value by value, so that only the value at hand is in memory."""

    def __init__(self, path: Path):
        self._file = path.open(encoding="utf-8", errors="surrogateescape", newline="")
        self._text, self._at, self._is_whole = "", 0, False
        self.line = 1
        self.is_in_rows = False
        self.around_rows: list[UnreadRecord] = []
        self._read_more()
        self._text = self._text.removeprefix("\ufeff")

    def close(self) -> None:
        self._file.close()

    def peek(self) -> str:
        """The next character that is no space, or '' at the end."""
        while True:
            self._advance(SPACE.match(self._text, self._at).end())
            if self._at < len(self._text):
                return self._text[self._at]
            if self._is_whole:
                return ""
            self._read_more()

    def goes_on_in_line(self) -> bool:
        """Whether another object begins in the line where the last value ended."""
        line = self.line
        return self.peek() == "{" and self.line == line

    def elements(self) -> Iterator[tuple[int, str, Any]]:
        """The elements of the list that begins here, each with its line and text."""
        self._expect("[")
        if self.peek() == "]":
            self._expect("]")
        else:
            while True:
                self.peek()
                line = self.line
                yield line, *self._value()
                if self._expect(",", "]") == "]":
                    break
        if self.is_in_rows:
            self._rest_of_members()
        if self.peek():
            raise _Broken("something follows the end")

    def objects(self) -> Iterator[tuple[int, str, Any]]:
        """One value after the other until the end, each with its line and text."""
        while self.peek():
            line = self.line
            yield line, *self._value()

    def enter_rows(self) -> bool:
        """Whether this is an object with a list called rows; stands at its beginning then."""
        self._expect("{")
        if self.peek() != "}":
            while True:
                key, line, text = self._key()
                if key == "rows" and self.peek() == "[":
                    self.is_in_rows = True
                    return True
                self.around_rows.append(UnreadRecord(line, f"{text}: {self._value()[0]}", "above_header"))
                if self._expect(",", "}") == "}":
                    break
        return False

    def _rest_of_members(self) -> None:
        while self._expect(",", "}") == ",":
            _, line, text = self._key()
            self.around_rows.append(UnreadRecord(line, f"{text}: {self._value()[0]}", "above_header"))

    def _key(self) -> tuple[str, int, str]:
        if self.peek() != '"':
            raise _Broken("a key is missing")
        line = self.line
        text, key = self._value()
        self._expect(":")
        return key, line, text

    def _expect(self, *characters: str) -> str:
        found = self.peek()
        if found not in characters or not found:
            raise _Broken(f"expected {' or '.join(characters)}, found {found or 'the end'}")
        self._advance(self._at + 1)
        return found

    def _value(self) -> tuple[str, Any]:
        """The text of the next value, and the value."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise _TooDeep from None
            except ValueError as error:
                if self._is_whole or len(self._text) - self._at > LONGEST_RECORD:
                    raise _Broken(str(error).partition(":")[0]) from None
            else:
                # A number may go on behind what was read so far.
                if end < len(self._text) or self._is_whole:
                    text = self._text[self._at : end]
                    self._advance(end)
                    return text, value
            self._read_more()

    def _advance(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to

    def _read_more(self) -> None:
        """At least as much again as waits, so that a long value is not decoded too often."""
        waiting = self._text[self._at :]
        more = self._file.read(max(CHUNK, len(waiting)))
        self._text, self._at = waiting + more, 0
        self._is_whole = not more
