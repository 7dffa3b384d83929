"""Splits text lines into records, one by one: for the first lines of a file, and where DuckDB cannot.

A record whose quotes make no sense is read as databases write it, with a backslash before a quote in a
cell; else with a slip in some of its cells, when that gives every column a value; else it is rejected
with its text. So a quote that never closes costs one line, not the file.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

# How far a quoted cell may reach before the quote that opened it counts as a slip.
MAX_RECORD_LINES = 2_000
MAX_RECORD_CHARACTERS = 64 << 20
ESCAPED = re.compile(r'\\"|""')


@dataclass(frozen=True)
class Record:
    """One record: its first line's number (from 1), its lines, its text, and its fields or None."""

    line_number: int
    line_count: int
    text: str
    fields: list[str] | None


def split_records(lines: Iterator[str], delimiter: str, width: int | None = None) -> Iterator[Record]:
    """The records of `lines` (each with its line end); blank lines are left out.

    `fields` is None when the quotes make no sense and the text has not `width` fields either.
    """
    waiting = _Lookahead(lines)
    while (first := waiting.take()) is not None:
        number, line = first
        text = line.rstrip("\r\n")
        if not text.strip(" \r\n\ufeff"):
            continue
        if '"' not in text:
            yield Record(number, 1, text, text.split(delimiter))
            continue
        yield _quoted_record(number, line, waiting, delimiter, width)


class _Lookahead:
    """Lines with their numbers, that can be looked at before they are taken."""

    def __init__(self, lines: Iterator[str]):
        self._lines = enumerate(lines, start=1)
        self._seen: list[tuple[int, str]] = []

    def take(self) -> tuple[int, str] | None:
        return self._seen.pop(0) if self._seen else next(self._lines, None)

    def look(self, ahead: int) -> str | None:
        while len(self._seen) <= ahead:
            following = next(self._lines, None)
            if following is None:
                return None
            self._seen.append(following)
        return self._seen[ahead][1]

    def skip(self, count: int) -> None:
        del self._seen[:count]


def _quoted_record(number: int, line: str, waiting: _Lookahead, delimiter: str, width: int | None) -> Record:
    parts, ahead, size = [line], 0, len(line)
    while True:
        text = "".join(parts).rstrip("\r\n")
        try:
            fields = _fields(text, delimiter)
        except _QuoteStillOpen:
            # Only a line with a quote in it can close the one that is open.
            while (following := waiting.look(ahead)) is not None and '"' not in following:
                parts.append(following)
                ahead, size = ahead + 1, size + len(following)
                if ahead > MAX_RECORD_LINES or size > MAX_RECORD_CHARACTERS:
                    break
            if following is None or ahead > MAX_RECORD_LINES or size > MAX_RECORD_CHARACTERS:
                return _with_slips(number, line, delimiter, width)
            parts.append(following)
            ahead, size = ahead + 1, size + len(following)
        except _QuotesMakeNoSense:
            return _with_slips(number, line, delimiter, width)
        else:
            waiting.skip(ahead)
            return Record(number, ahead + 1, text, fields)


def _with_slips(number: int, line: str, delimiter: str, width: int | None) -> Record:
    text = line.rstrip("\r\n")
    if '\\"' in text:
        with contextlib.suppress(_QuoteStillOpen, _QuotesMakeNoSense):
            fields = _fields(text, delimiter, has_backslashes=True)
            if width is None or len(fields) == width:
                return Record(number, 1, text, fields)
    if width is not None:
        for fields in readings_with_slips(text, delimiter):
            if len(fields) == width:
                return Record(number, 1, text, fields)
    return Record(number, 1, text, None)


def readings_with_slips(text: str, delimiter: str) -> Iterator[list[str]]:
    """The ways to read a line whose quotes make no sense, the likeliest first.

    Cells that are quoted as they should be, or twice, are read so. One with a quote too many has quotes of
    its own, up to the next quote that ends a cell, if no cell opens before; or its first quote is a letter.
    """
    yield _fields_with_slips(text, delimiter, has_inner_quotes=True)
    yield _fields_with_slips(text, delimiter, has_inner_quotes=False)


def _fields_with_slips(text: str, delimiter: str, has_inner_quotes: bool) -> list[str]:
    quoted, quoted_twice, with_inner_quotes, other = _slip_patterns(delimiter)
    fields, position = [], 0
    while position <= len(text):
        cell = quoted.match(text, position) or quoted_twice.match(text, position)
        if cell:
            fields.append(cell[1].replace('""', '"'))
        elif has_inner_quotes and (cell := with_inner_quotes.match(text, position)):
            fields.append(cell[1])
        else:
            cell = other.match(text, position)
            fields.append(cell[0])
        position = cell.end() + len(delimiter)
    return fields


class _QuoteStillOpen(Exception):
    pass


class _QuotesMakeNoSense(Exception):
    pass


@cache
def _cell_patterns(delimiter: str, has_backslashes: bool) -> tuple[re.Pattern, re.Pattern]:
    end = f"(?={re.escape(delimiter)}|\\Z)"
    inside = r'(?:[^"\\]|\\.|"")*' if has_backslashes else '(?:[^"]|"")*'
    # Spaces around a quoted cell are no part of it; DuckDB reads it so too.
    return (
        re.compile(f' *"({inside})" *{end}'),
        re.compile(f' *"{inside}\\Z|(?! *")({_up_to(delimiter)}){end}'),
    )


@cache
def _slip_patterns(delimiter: str) -> tuple[re.Pattern, ...]:
    space = " *" if delimiter == "\t" else "[ \t]*"
    end = f"{space}(?={re.escape(delimiter)}|\\Z)"
    next_opens = f'{re.escape(delimiter)}{space}"'
    return (
        re.compile(f'{space}"((?:[^"]|"")*)"{end}'),
        re.compile(f'{space}""([^"]+)""{end}'),
        re.compile(f'{space}"((?:(?!{next_opens}).)*?)"{end}', re.DOTALL),
        re.compile(_up_to(delimiter)),
    )


def _up_to(delimiter: str) -> str:
    sign = re.escape(delimiter)
    return f"[^{sign}]*" if len(delimiter) == 1 else f"(?:(?!{sign})(?s:.))*"


def _fields(text: str, delimiter: str, has_backslashes: bool = False) -> list[str]:
    quoted, other = _cell_patterns(delimiter, has_backslashes)
    fields, position = [], 0
    while True:
        if cell := quoted.match(text, position):
            inside = cell[1]
            fields.append(ESCAPED.sub('"', inside) if has_backslashes else inside.replace('""', '"'))
        elif cell := other.match(text, position):
            if cell[1] is None:
                raise _QuoteStillOpen
            fields.append(cell[1])
        else:
            raise _QuotesMakeNoSense
        position = cell.end() + len(delimiter)
        if position > len(text):
            return fields
