"""Opens a lead file: encoding, delimiter, header, and where its rows begin.

DuckDB's vectorised reader gets the rows whenever it provably reads all of them: a count that does not
depend on it has to agree. (DuckDB 1.5 leaves out, without an error, what follows a quote that never
closes.) The rows of every other file are first rewritten one by one, and what is no row is kept as a
rejected line.
"""

import contextlib
import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from python_jobs.command_line import UsageProblem
from python_jobs.landing.column_mapping import recognised
from python_jobs.landing.file_encoding import (
    as_utf8,
    detect_encoding,
    encoding_name,
    refuse_other_formats,
    survey_bytes,
)
from python_jobs.landing.record_count import count_records
from python_jobs.landing.records import Record, split_records

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
SAMPLE_RECORDS = 300
SAMPLE_CHARACTERS = 1 << 20
HEADER_WITHIN = 20
MAX_COLUMNS = 2_000
DUCKDB_LINE_LIMIT = 2_000_000
QUOTED = re.compile('"[^"]*"')
VALUE_LIKE = re.compile(r"@.+\.|^\+?[\d\s().\-]{7,}$|^https?://|^www\.", re.IGNORECASE)


@dataclass(frozen=True)
class RejectedLine:
    """A line that is no row: its number in the file, its text, and a reason code."""

    line_number: int
    line_text: str
    reason: str


@dataclass(frozen=True)
class RowSource:
    """UTF-8 text whose rows DuckDB reads: after `records_to_skip`, exactly `row_count` of them."""

    path: Path
    delimiter: str
    has_quotes: bool
    records_to_skip: int
    row_count: int
    newline: str
    longest_record: int = DUCKDB_LINE_LIMIT


@dataclass(frozen=True)
class LeadFile:
    """A file that is understood. `columns` are the keys of the payload, in file order.

    `rows` is None when DuckDB cannot read the text as it is: `rewritten` makes a source then.
    """

    path: Path
    sha256: str
    encoding: str
    delimiter: str
    newline: str
    has_header: bool
    columns: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    rejected_lines: tuple[RejectedLine, ...]
    text_path: Path
    records_above: int
    rows: RowSource | None


@contextlib.contextmanager
def open_lead_file(path: Path, encoding: str | None = None) -> Iterator[LeadFile]:
    """The file, understood; its temporary copies are gone when the block ends.

    Raises UsageProblem, in a sentence, when it is no text table.
    """
    survey = survey_bytes(path)
    refuse_other_formats(path, survey)
    with tempfile.TemporaryDirectory(prefix="dealix_") as folder:
        chosen = encoding or detect_encoding(path, survey)
        text_path = Path(folder) / "input.csv"
        # DuckDB would take [ and * in a file's name for a pattern.
        text_path.symlink_to(as_utf8(path, chosen, Path(folder)).absolute())
        yield _understand(path, survey.sha256, encoding_name(chosen), text_path)


def rewritten(lead_file: LeadFile) -> LeadFile:
    """The file with its rows rewritten one by one, and every line that is no row among the rejected."""
    target = lead_file.text_path.with_name("rewritten.csv")
    width = len(lead_file.columns)
    rejected = list(lead_file.rejected_lines)
    count = longest = 0
    lines = _lines(lead_file.text_path, lead_file.newline)
    records = split_records(lines, lead_file.delimiter, width)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for record in islice(records, lead_file.records_above, None):
            fields, reason = _fitted(record, width)
            if reason:
                rejected.append(RejectedLine(record.line_number, _readable(record.text), reason))
                continue
            writer.writerow(fields)
            count += 1
            longest = max(longest, len(record.text))
    # A character is up to four bytes, and a quote is doubled.
    source = RowSource(
        path=target,
        delimiter=",",
        has_quotes=True,
        records_to_skip=0,
        row_count=count,
        newline="\n",
        longest_record=max(DUCKDB_LINE_LIMIT, longest * 4 + width * 3 + 16),
    )
    return replace(lead_file, rows=source, rejected_lines=tuple(rejected))


def _understand(path: Path, sha256: str, encoding: str, text_path: Path) -> LeadFile:
    with text_path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        sample_text = file.read(SAMPLE_CHARACTERS)
        is_whole = not file.read(1)
    sample_text = sample_text.removeprefix("\ufeff")
    outside_quotes = QUOTED.sub("", sample_text)
    lone_returns = outside_quotes.count("\r") - outside_quotes.count("\r\n")
    newline = "\r" if lone_returns > outside_quotes.count("\n") else "\n"
    delimiter, records = _split_sample(sample_text, newline, is_whole)
    if not records:
        raise UsageProblem(f"{path.name} has no rows.")
    header_at = _header_position(records)
    has_header = header_at is not None
    above = records[: header_at or 0]
    header = records[header_at].fields if has_header else []
    rows = records[len(above) + has_header :]
    if has_header and not rows and is_whole:
        raise UsageProblem(f"{path.name} has a header and no rows below it.")
    width = _width(header, rows)
    if width > MAX_COLUMNS:
        raise UsageProblem(
            f"{path.name} has {width:,} columns; a lead list has at most {MAX_COLUMNS:,}. "
            "Is it the right file?"
        )
    lines_above = rows[0].line_number - 1 if rows else 0
    above_rows = records[: len(above) + has_header]
    blank_lines = lines_above - sum(record.line_count for record in above_rows)
    counted = count_records(text_path, delimiter)
    source = None
    if counted.is_regular:
        source = RowSource(
            path=text_path,
            delimiter=delimiter,
            has_quotes=counted.has_quotes,
            records_to_skip=len(above_rows) + blank_lines,
            row_count=counted.records - len(above_rows),
            newline=counted.newline,
        )
    return LeadFile(
        path=path,
        sha256=sha256,
        encoding=encoding,
        delimiter=delimiter,
        newline=newline,
        has_header=has_header,
        columns=_column_names(header, width),
        sample=tuple(tuple(record.fields or ()) for record in rows),
        rejected_lines=tuple(
            RejectedLine(record.line_number, _readable(record.text), "above_header") for record in above
        ),
        text_path=text_path,
        records_above=len(above_rows),
        rows=source,
    )


def _split_sample(text: str, newline: str, is_whole: bool) -> tuple[str, list[Record]]:
    """The delimiter and the first records: most known headers first, then the evenest columns."""
    best = None
    for delimiter in DELIMITERS:
        lines = (line + newline for line in text.removesuffix(newline).split(newline))
        records = list(islice(split_records(lines, delimiter), SAMPLE_RECORDS + 1))
        if len(records) > 1 and (len(records) > SAMPLE_RECORDS or not is_whole):
            records.pop()  # it may have been cut off
        widths = Counter(len(record.fields) for record in records if record.fields)
        if not widths:
            continue
        width, share = max(widths.items(), key=lambda item: (item[1], item[0]))
        known = max(recognised(record.fields or []) for record in records[:HEADER_WITHIN])
        rank = (known if known > 1 else 0, width > 1, share / len(records), known, width)
        if best is None or rank > best[0]:
            best = (rank, delimiter, records)
    return (best[1], best[2]) if best else (",", [])


def _header_position(records: list[Record]) -> int | None:
    """Where the header stands: the record with the most known headers, else the first full one.

    None when the first full record looks like data: then the file has no header.
    """
    width = _width([], records)
    candidates = [
        (index, record.fields)
        for index, record in enumerate(records[:HEADER_WITHIN])
        if record.fields
        and sum(bool(field.strip()) for field in record.fields) * 2 >= width
        and not any(VALUE_LIKE.search(field.strip()) for field in record.fields)
    ]
    known = {index: recognised(fields) for index, fields in candidates}
    best = max(known, key=lambda index: (known[index], -index), default=None)
    if best is not None and (known[best] >= 2 or known[best] == width):
        return best
    first_full = next((i for i, r in enumerate(records) if r.fields and len(r.fields) * 2 >= width), None)
    return first_full if first_full in known else None


def _width(header: list[str], rows: list[Record]) -> int:
    """How many columns: as the header names, unless most rows have more."""
    widths = Counter(len(record.fields) for record in rows if record.fields)
    usual, share = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    named = max((i for i, name in enumerate(header, start=1) if name.strip()), default=0)
    if named and share * 2 <= sum(widths.values()):
        return named
    return max(usual, named, 1)


def _column_names(header: list[str], width: int) -> tuple[str, ...]:
    """The keys of the payload: the header as it stands, made unique without regard to case."""
    header = [_readable(name).replace("\x00", "") for name in header]  # SQL ends at a NUL
    names: list[str] = []
    taken = {name.casefold() for name in header}
    used: set[str] = set()
    for position in range(1, width + 1):
        name = header[position - 1] if position <= len(header) else ""
        name = name if name.strip() else f"column_{position}"
        unique, ordinal = name, 1
        while unique.casefold() in used or (ordinal > 1 and unique.casefold() in taken):
            ordinal += 1
            unique = f"{name}_{ordinal}"
        used.add(unique.casefold())
        names.append(unique)
    return tuple(names)


def _lines(path: Path, newline: str) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="surrogateescape", newline=newline) as file:
        for number, line in enumerate(file):
            yield line if number else line.removeprefix("\ufeff")


def _fitted(record: Record, width: int) -> tuple[list[str], str | None]:
    """The record's fields, one per column; or the reason why it cannot be read as a row."""
    if not record.text.isascii() and any("\udc80" <= letter <= "\udcff" for letter in record.text):
        return [], "invalid_encoding"
    if record.fields is None:
        return [], "malformed_quotes"
    fields = record.fields
    if len(fields) > width:
        # Which cell belongs to which column is anybody's guess, an opt-out's among them.
        return ([], "too_many_fields") if any(map(str.strip, fields[width:])) else (fields[:width], None)
    return fields + [""] * (width - len(fields)), None


def _readable(text: str) -> str:
    """The text with bytes of no known letter shown as \\xNN."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
