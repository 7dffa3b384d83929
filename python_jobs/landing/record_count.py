"""Counts a file's records without a CSV reader, and tells whether DuckDB's reader can be trusted with it."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

CHUNK = 8 << 20
# A quoted cell longer than this is a quote that never closed, most likely.
LONGEST_CELL = 64 << 20
# Both patterns begin with a letter of their own: Python then leaps from one to the next.
QUOTED = re.compile(rb'"[^"]*"(?:"[^"]*")*')
QUOTED_MARK = b"\x01"


@dataclass(frozen=True)
class RecordCount:
    """`records` counts the lines that are not blank, quoted cells taken as a whole.

    `is_regular`: every quoted cell fills its column, every line ends alike (in `newline`), and there is
    no NUL. Anything else DuckDB 1.5 may misread without an error: it drops what follows a quote that
    never closes, joins a cell like `"" "x"`, and takes a NUL for an empty cell.
    """

    records: int
    has_quotes: bool
    is_regular: bool
    newline: str = "\n"


IRREGULAR = RecordCount(0, True, False)


def count_records(path: Path, delimiter: str) -> RecordCount:
    """One streaming pass over UTF-8 text; none when the delimiter is of several letters."""
    if len(delimiter) > 1:
        return IRREGULAR
    stray_quote = re.compile(
        rb"\x01(?:[^\r\n\x01%(end)s]|(?<=[^\r\n\x01%(end)s]\x01))" % {b"end": re.escape(delimiter).encode()}
    )
    records, has_quotes = 0, False
    pending, outside = b"", b""
    endings = {b"\r\n": 0, b"\n": 0, b"\r": 0}
    with path.open("rb") as file:
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        while chunk := file.read(CHUNK):
            if b"\x00" in chunk or QUOTED_MARK in chunk:
                return IRREGULAR
            buffer, pending = pending + chunk, b""
            has_quotes = has_quotes or b'"' in chunk
            if has_quotes:
                if buffer.count(b'"') % 2:
                    cut = buffer.rfind(b'"')
                    buffer, pending = buffer[:cut], buffer[cut:]
                    if len(pending) > LONGEST_CELL:
                        return IRREGULAR
                buffer = QUOTED.sub(QUOTED_MARK, buffer)
            # What stands between quotes is a cell, whatever line ends it holds.
            complete, newline, outside = (outside + buffer).rpartition(b"\n")
            if has_quotes and stray_quote.search(complete + newline):
                return IRREGULAR
            records += _count(complete + newline, endings)
    if pending or (has_quotes and stray_quote.search(outside)):
        return IRREGULAR
    records += _count(outside, endings)
    kinds = [ending.decode() for ending, count in endings.items() if count]
    return RecordCount(records, has_quotes, len(kinds) <= 1, kinds[0] if kinds else "\n")


def _count(text: bytes, endings: dict[bytes, int]) -> int:
    # The common case without a look at each line: no line is blank, and all end alike.
    if b"\r" not in text and text[:1] not in (b" ", b"\n") and b"\n\n" not in text and b"\n " not in text:
        ended = text.count(b"\n")
        endings[b"\n"] += ended
        return ended + (not text.endswith(b"\n") and text != b"")
    crlf = text.count(b"\r\n")
    endings[b"\r\n"] += crlf
    endings[b"\n"] += text.count(b"\n") - crlf
    endings[b"\r"] += text.count(b"\r") - crlf
    return sum(1 for line in text.splitlines() if line.strip(b" "))
