"""What a library read, as a UTF-8 CSV that DuckDB loads: written row by row, so memory stays bounded."""

import csv
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class LineNumbers:
    """Where each line of a written table stood in the file it is from; empty: at the same line."""

    written: Sequence[int] = ()
    ahead: Sequence[int] = ()

    def of(self, line: int) -> int:
        """The line, sheet row or record number in the file."""
        place = bisect_right(self.written, line) - 1
        return line + self.ahead[place] if place >= 0 else line


AS_IN_THE_FILE = LineNumbers()


@dataclass(frozen=True)
class LibraryTable:
    """The written table: comma, every cell quoted, one record per row, all of one width."""

    path: Path
    row_count: int
    width: int
    longest_record: int
    line_numbers: LineNumbers


class TableWriter:
    """Writes a LibraryTable. Rows may grow wider as they come; `finish` fills up the earlier ones."""

    def __init__(self, path: Path):
        self._path = path
        # A letter that no encoding knows (half a pair in JSON) is shown as \uNNNN.
        self._file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
        self._write = _writer(self._file).writerow
        self._next_line = 1
        self._written, self._ahead = array("q"), array("q")
        self._shift = self._rows = self._width = self._longest = 0
        self._is_ragged = False

    def write(self, cells: Sequence[str], place: int) -> None:
        """One row, which stood at line or row `place` of the file."""
        if place - self._next_line != self._shift:
            self._shift = place - self._next_line
            self._written.append(self._next_line)
            self._ahead.append(self._shift)
        text = "".join(cells)
        self._write(cells)
        self._next_line += 1 + text.count("\n")
        self._rows += 1
        self._longest = max(self._longest, len(text))
        if len(cells) != self._width:
            self._is_ragged = self._is_ragged or self._rows > 1
            self._width = max(self._width, len(cells))

    def finish(self) -> LibraryTable:
        """The table, whole."""
        self._file.close()
        if self._is_ragged:
            self._fill_up()
        return LibraryTable(
            path=self._path,
            row_count=self._rows,
            width=self._width,
            # A character is up to four bytes, and a quote is doubled.
            longest_record=self._longest * 4 + self._width * 3 + 16,
            line_numbers=LineNumbers(self._written, self._ahead),
        )

    def _fill_up(self) -> None:
        ragged = self._path.with_name("ragged.csv")
        self._path.rename(ragged)
        limit = csv.field_size_limit(2**31 - 1)
        try:
            with (
                ragged.open(encoding="utf-8", newline="") as source,
                self._path.open("w", encoding="utf-8", newline="") as target,
            ):
                write = _writer(target).writerow
                for cells in csv.reader(source):
                    write(cells + [""] * (self._width - len(cells)))
        finally:
            csv.field_size_limit(limit)
            ragged.unlink()


def plain_number(text: str) -> str:
    """A number without exponent and empty fraction: 5.01234567e8 and 501234567.0 are 501234567."""
    if text.lstrip("-").isdigit():
        return text
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return text
    whole = number.to_integral_value()
    return format(whole if whole == number else number, "f")


def _writer(file):
    return csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
