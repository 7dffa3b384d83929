"""Opens a lead file: format, encoding, delimiter, header, and where its rows begin.

Excel and JSON become a table of text first; from there on every format goes the same way.

DuckDB's vectorised reader gets the rows whenever it provably reads all of them: a count that does not
depend on it has to agree. (DuckDB 1.5 leaves out, without an error, what follows a quote that never
closes.) The rows of every other file are first rewritten one by one, and what is no row is kept as a
rejected line.
"""

import contextlib
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from python_jobs.command_line import UsageProblem
from python_jobs.landing.column_mapping import holds_a_value, names_columns_again, recognised
from python_jobs.landing.file_encoding import (
    as_utf8,
    check_said_encoding,
    detect_encoding,
    encoding_name,
    has_lines_of_utf8,
    lines_as_utf8,
    survey_bytes,
    written_once,
    written_twice,
)
from python_jobs.landing.file_format import is_gzip, is_zip, refuse_other_formats
from python_jobs.landing.json_records import FORMS, LIST_OF_VALUES, LOOKS_LIKE_JSON, JsonTable, read_json
from python_jobs.landing.library_table import AS_IN_THE_FILE, LibraryTable, LineNumbers
from python_jobs.landing.record_count import count_records
from python_jobs.landing.records import Record, readings_with_slips, split_records
from python_jobs.landing.unpack import gunzip
from python_jobs.landing.workbook import read_workbook
from python_jobs.warehouse.scratch import temporary_folder

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
# Signs that may part columns, and stand in cells of any table: taken when nothing speaks against it.
RARE_DELIMITERS = tuple("~^:*#!¦§\x01\x1e\x1f")
SAMPLE_RECORDS = 300
SAMPLE_CHARACTERS = 1 << 20
HEADER_WITHIN = 20
# So many known headers in a line are no accident, whatever else stands in it.
SURELY_HEADERS = 3
MAX_COLUMNS = 2_000
# Why a line is no row that names the columns once more.
HEADER_AGAIN = "header_again"
DUCKDB_LINE_LIMIT = 2_000_000
QUOTED = re.compile('"[^"]*"')
WRAPPED_LINE = re.compile(r'"(?:[^"]|"")+"\Z')
# How Python keeps bytes that are no UTF-8, and escapes in JSON that are half a letter.
SURROGATE = re.compile("[\ud800-\udfff]")
# Spreadsheets of some countries are told the delimiter by a first line sep=;
DELIMITER_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?[ ,;\t]*\Z', re.IGNORECASE)


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
    `headers` are the rows that the header, and a second one beneath it, would be if they came again below.
    `uncomputed_formulas` are the columns of a workbook whose formulas have no result, and how many.
    """

    path: Path
    sha256: str
    format: str
    encoding: str | None
    delimiter: str
    newline: str
    has_header: bool
    columns: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    rejected_lines: tuple[RejectedLine, ...]
    text_path: Path
    records_above: int
    rows: RowSource | None
    headers: tuple[tuple[str, ...], ...] = ()
    line_numbers: LineNumbers = AS_IN_THE_FILE
    is_compressed: bool = False
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()
    uncomputed_formulas: tuple[tuple[str, int], ...] = ()


@contextlib.contextmanager
def open_lead_file(path: Path, encoding: str | None = None, sheet: str | None = None) -> Iterator[LeadFile]:
    """The file, understood; its temporary copies are gone when the block ends.

    `sheet` names the sheet of an Excel workbook (default: the first). Raises UsageProblem, in a
    sentence, when the file is no table.
    """
    survey = survey_bytes(path)
    with temporary_folder() as folder:
        content, sha256 = path, survey.sha256
        if is_compressed := is_gzip(survey.head):
            content = gunzip(path, folder)
            survey = survey_bytes(content)
        refuse_other_formats(path.name, survey.head)
        if is_zip(survey.head):
            lead_file = _from_workbook(path, content, sheet, folder)
        elif sheet is not None:
            raise UsageProblem(f"{path.name} is no Excel workbook, so it has no sheet {sheet!r}.")
        else:
            if encoding:
                check_said_encoding(content, survey, encoding)
            chosen = encoding or detect_encoding(content, survey)
            is_mixed = not encoding and has_lines_of_utf8(chosen, survey)
            converted = (lines_as_utf8 if is_mixed else as_utf8)(content, chosen, folder)
            taken_for = None if encoding or not chosen.startswith("utf-8") else written_twice(survey)
            if taken_for:
                converted = written_once(converted, taken_for, folder)
            text_path = folder / "input.csv"
            # DuckDB would take [ and * in a file's name for a pattern.
            text_path.symlink_to(converted.absolute())
            lead_file = _from_text(path, text_path, _how_encoded(chosen, is_mixed, taken_for), folder)
        yield replace(lead_file, sha256=sha256, is_compressed=is_compressed)


def _how_encoded(encoding: str, is_mixed: bool, taken_for: str | None) -> str:
    name = encoding_name(encoding)
    if taken_for:
        return f"{name} written twice (taken for {encoding_name(taken_for)} once)"
    return f"{name} and utf-8" if is_mixed else name


def _from_workbook(path: Path, content: Path, sheet: str | None, folder: Path) -> LeadFile:
    found = read_workbook(content, path.name, sheet, folder)
    try:
        lead_file = _understand(path, found.table.path, found.table)
    except UsageProblem as problem:
        # The first sheet is often a cover.
        raise UsageProblem(f"{problem} The sheet that was read is {found.sheet!r}.{found.hint}") from None
    named = range(len(lead_file.columns))
    uncomputed: Counter[str] = Counter()
    for place, count in sorted(found.uncomputed.items()):
        uncomputed[lead_file.columns[place] if place in named else "columns without a name"] += count
    return replace(
        lead_file,
        format="Excel",
        sheet=found.sheet,
        other_sheets=found.other_sheets,
        uncomputed_formulas=tuple(uncomputed.items()),
    )


def _from_text(path: Path, text_path: Path, encoding: str, folder: Path) -> LeadFile:
    with text_path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        start = file.read(4096)
    if LOOKS_LIKE_JSON.match(start) or (LIST_OF_VALUES.match(start) and _last_letter(text_path) == "]"):
        lead_file = _from_json(path, read_json(text_path, path.name, folder))
    else:
        is_wrapped = _has_wrapped_lines(start)
        lead_file = _understand(path, _unwrapped(text_path) if is_wrapped else text_path)
    return replace(lead_file, encoding=encoding)


def _has_wrapped_lines(start: str) -> bool:
    """Whether the lines are one quoted cell each, in which a line of a table stands.

    A spreadsheet writes so when it had not parted the columns of the file that it opened.
    """
    lines = [line for line in start.removeprefix("\ufeff").splitlines()[:-1] if line.strip()]
    wrapped = [line[1:-1] for line in lines if WRAPPED_LINE.match(line)]
    if len(wrapped) * 2 <= len(lines):
        return False
    return any(recognised(wrapped[0].split(delimiter)) > 1 for delimiter in DELIMITERS)


def _unwrapped(text_path: Path) -> Path:
    target = text_path.with_name("unwrapped.csv")
    with (
        text_path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as source,
        target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        for line in source:
            text = line.rstrip("\r\n")
            inside = text[1:-1].replace('""', '"') if WRAPPED_LINE.match(text) else text
            file.write(inside + line[len(text) :])
    return target


def _last_letter(text_path: Path) -> str:
    with text_path.open("rb") as file:
        file.seek(max(0, text_path.stat().st_size - 64))
        return file.read().decode("utf-8", "replace").rstrip()[-1:]


def _from_json(path: Path, found: JsonTable) -> LeadFile:
    table = found.table
    if not table.row_count:
        why = f": nothing in it is an object. A lead list is {FORMS}" if found.unread else ""
        raise UsageProblem(f"{path.name} has no rows{why}.")
    _check_width(path, table.width)
    with table.path.open(encoding="utf-8", newline="") as file:
        lines = _lines_of(file.read(SAMPLE_CHARACTERS), "\n")
        sample = list(islice(split_records(lines, ","), SAMPLE_RECORDS))
    return LeadFile(
        path=path,
        sha256="",
        format=found.form,
        encoding=None,
        delimiter=",",
        newline="\n",
        has_header=True,
        columns=_column_names(list(found.keys), table.width),
        sample=tuple(tuple(record.fields or ()) for record in sample),
        rejected_lines=tuple(
            RejectedLine(record.line_number, _readable(record.text), record.reason) for record in found.unread
        ),
        text_path=table.path,
        records_above=0,
        rows=RowSource(
            path=table.path,
            delimiter=",",
            has_quotes=True,
            records_to_skip=0,
            row_count=table.row_count,
            newline="\n",
            longest_record=max(DUCKDB_LINE_LIMIT, table.longest_record),
        ),
        line_numbers=table.line_numbers,
    )


def rewritten(lead_file: LeadFile) -> LeadFile:
    """The file with its rows rewritten one by one, and every line that is no row among the rejected."""
    target = lead_file.text_path.with_name("rewritten.csv")
    width = len(lead_file.columns)
    rejected = list(lead_file.rejected_lines)
    count = longest = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, text, rows, reason in records_below(lead_file):
            if reason:
                rejected.append(RejectedLine(number, text, reason))
                continue
            writer.writerows(rows)
            count += len(rows)
            longest = max(longest, len(text))
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
    return replace(lead_file, rows=source, rejected_lines=tuple(rejected), headers=())


def records_below(lead_file: LeadFile) -> Iterator[tuple[int, str, list[list[str]], str | None]]:
    """What stands below the header: line number, text, its rows (mostly one), and why it is none, if so."""
    lines = _lines(lead_file.text_path, lead_file.newline)
    records = split_records(lines, lead_file.delimiter, len(lead_file.columns))
    for record in islice(records, lead_file.records_above, None):
        rows, reason = _rows_of(record, lead_file.delimiter, len(lead_file.columns))
        if len(rows) == 1 and tuple(rows[0]) in lead_file.headers:
            rows, reason = [], HEADER_AGAIN
        text = _readable(record.text) if reason else record.text
        yield lead_file.line_numbers.of(record.line_number), text, rows, reason


def _understand(path: Path, text_path: Path, table: LibraryTable | None = None) -> LeadFile:
    """The header and the rows of delimited text; of a `table`, nothing about its text is doubtful."""
    with text_path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        sample_text = file.read(SAMPLE_CHARACTERS)
        is_whole = not file.read(1)
    sample_text = sample_text.removeprefix("\ufeff")
    outside_quotes = QUOTED.sub("", sample_text)
    lone_returns = outside_quotes.count("\r") - outside_quotes.count("\r\n")
    newline = "\r" if lone_returns > outside_quotes.count("\n") and not table else "\n"
    said = DELIMITER_LINE.match(sample_text[:20].partition(newline)[0].rstrip("\r"))
    delimiters = "," if table else said[1] if said else DELIMITERS
    delimiter, records = _split_sample(sample_text, newline, is_whole, delimiters)
    line_numbers = table.line_numbers if table else AS_IN_THE_FILE
    if not records:
        raise UsageProblem(f"{path.name} has no rows.")
    header_at = _header_position(records)
    has_header = header_at is not None
    above = records[: header_at or 0]
    header = records[header_at].fields if has_header else []
    rows = records[len(above) + has_header :]
    again = rows[:1] if rows and names_columns_again(rows[0].fields or [], header) else []
    rows = rows[len(again) :]
    if has_header and not rows and is_whole:
        raise UsageProblem(f"{path.name} has a header and no rows below it.")
    width = _width(header, rows)
    _check_width(path, width)
    lines_above = rows[0].line_number - 1 if rows else 0
    above_rows = records[: len(above) + has_header + len(again)]
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
            longest_record=max(DUCKDB_LINE_LIMIT, table.longest_record if table else 0),
        )
    return LeadFile(
        path=path,
        sha256="",
        format="text",
        encoding=None,
        delimiter=delimiter,
        newline=newline,
        has_header=has_header,
        columns=_column_names(header, width),
        sample=tuple(tuple(record.fields or ()) for record in rows),
        rejected_lines=tuple(
            RejectedLine(line_numbers.of(record.line_number), _readable(record.text), reason)
            for reason, kept_apart in (("above_header", above), (HEADER_AGAIN, again))
            for record in kept_apart
        ),
        text_path=text_path,
        records_above=len(above_rows),
        rows=source,
        headers=_headers([header, *(record.fields for record in again)], width),
        line_numbers=line_numbers,
    )


def _headers(headers: list[list[str]], width: int) -> tuple[tuple[str, ...], ...]:
    """The headers as rows. By one cell, or by bytes of no known letter, no header is known again."""
    return tuple(
        tuple((header + [""] * width)[:width])
        for header in headers
        if _filled(header) > 1 and not SURROGATE.search("".join(header))
    )


def _check_width(path: Path, width: int) -> None:
    if width > MAX_COLUMNS:
        raise UsageProblem(
            f"{path.name} has {width:,} columns; a lead list has at most {MAX_COLUMNS:,}. "
            "Is it the right file?"
        )


def _lines_of(text: str, newline: str) -> Iterator[str]:
    return (line + newline for line in text.removesuffix(newline).split(newline))


def _split_sample(
    text: str, newline: str, is_whole: bool, delimiters: Iterable[str]
) -> tuple[str, list[Record]]:
    """The delimiter and the first records: most known headers first, then the evenest columns."""
    readings = []
    for delimiter in delimiters:
        records = _first_records(text, newline, is_whole, delimiter)
        if not any(record.fields for record in records):
            records = [_with_slips(record, delimiter) for record in records]
        widths = Counter(len(record.fields) for record in records if record.fields)
        if widths:
            width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
            readings.append((delimiter, records, width, count / len(records)))
    if not readings:
        return ",", []
    # Where another delimiter fits every record, the known headers in few of them are a list in a cell.
    is_even = any(width > 1 and share == 1 for _, _, width, share in readings)

    def rank(reading: tuple[str, list[Record], int, float]) -> tuple[float, ...]:
        _, records, width, share = reading
        known = max(recognised(record.fields or []) for record in records)
        counted = known if known > 1 and not (is_even and width == 1) else 0
        return (counted, width > 1, share, known, width)

    best = max(readings, key=rank)
    delimiter, records, *_ = best
    known = rank(best)[0]
    for rare in _rare_delimiters(records[0].text) if delimiters is DELIMITERS else ():
        found = _first_records(text, newline, is_whole, rare)
        # Of || the pipe alone makes the same columns, and an empty one between any two.
        if _is_certain(found, least_known=max(known + (delimiter not in rare), 2)):
            return rare, found
    return delimiter, [_header_with_slips(records[0], delimiter, records), *records[1:]]


def _first_records(text: str, newline: str, is_whole: bool, delimiter: str) -> list[Record]:
    records = list(islice(split_records(_lines_of(text, newline), delimiter), SAMPLE_RECORDS + 1))
    if len(records) > 1 and (len(records) > SAMPLE_RECORDS or not is_whole):
        records.pop()  # it may have been cut off
    return records


def _rare_delimiters(line: str) -> list[str]:
    """The signs in a line that seldom part columns, each of them doubled first."""
    doubled = [sign * 2 for sign in (*DELIMITERS, *RARE_DELIMITERS) if sign * 2 in line]
    return doubled + [sign for sign in RARE_DELIMITERS if sign in line]


def _is_certain(records: list[Record], least_known: int) -> bool:
    """Whether all records have as many fields, and most of the first one's are known headers.

    A record whose quotes make no sense says nothing of that.
    """
    known = recognised(records[0].fields or [])
    widths = {len(record.fields) for record in records if record.fields}
    return len(records) > 1 and len(widths) == 1 and known >= least_known and known * 2 > max(widths)


def _with_slips(record: Record, delimiter: str) -> Record:
    return replace(record, fields=next(readings_with_slips(record.text, delimiter)))


def _header_with_slips(first: Record, delimiter: str, records: list[Record]) -> Record:
    """The first record; when its quotes make no sense, with slips in them, if its cells fit then."""
    if first.fields is not None:
        return first
    widths = {len(record.fields) for record in records if record.fields}
    fitting = (fields for fields in readings_with_slips(first.text, delimiter) if {len(fields)} == widths)
    return replace(first, fields=next(fitting, None))


def _header_position(records: list[Record]) -> int | None:
    """Where the header stands: the record with the most known headers, else the first full one.

    None when the first full record looks like data: then the file has no header.
    """
    # Lines of nothing but delimiters say nothing of how wide the table is.
    reaches = Counter(reach for record in records if record.fields and (reach := _reach(record.fields)))
    width = max(reaches.items(), key=lambda item: (item[1], item[0]), default=(1, 0))[0]
    candidates = [
        (index, record.fields)
        for index, record in _places_for_a_header(records)
        if _filled(record.fields) * 2 >= width
        and (recognised(record.fields) >= SURELY_HEADERS or not any(map(holds_a_value, record.fields)))
    ]
    known = {index: recognised(fields) for index, fields in candidates}
    best = max(known, key=lambda index: (known[index], -index), default=None)
    if best is not None and (known[best] >= 2 or known[best] == width):
        return best
    first_full = next(
        (
            index
            for index, record in enumerate(records)
            if record.fields and _reach(record.fields) * 2 >= width and not _is_title(record.fields, width)
        ),
        None,
    )
    return first_full if first_full in known else None


def _places_for_a_header(records: list[Record]) -> Iterator[tuple[int, Record]]:
    """The first records; further down only one that is fuller than all above it, as no row of many is."""
    fullest = 0
    for index, record in enumerate(records):
        filled = _filled(record.fields or [])
        if record.fields and (index < HEADER_WITHIN or filled > fullest):
            yield index, record
        fullest = max(fullest, filled)


def _filled(fields: list[str]) -> int:
    return sum(bool(field.strip()) for field in fields)


def _is_title(fields: list[str], width: int) -> bool:
    """Whether this is one text somewhere above a wider table."""
    return width > 2 and _filled(fields) == 1


def _reach(fields: list[str]) -> int:
    """How far a record is filled: a title line of a spreadsheet is followed by empty cells."""
    return max((place for place, field in enumerate(fields, start=1) if field.strip()), default=0)


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


def _rows_of(record: Record, delimiter: str, width: int) -> tuple[list[list[str]], str | None]:
    """The record as one row; as several when lone returns in it part rows; or the reason why as none."""
    fields, reason = _fitted(record, width)
    if reason == "too_many_fields" and "\r" in record.text and '"' not in record.text:
        parts = [line.split(delimiter) for line in record.text.split("\r")]
        if all(len(part) == width for part in parts):
            return parts, None
    return ([] if reason else [fields]), reason


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
    """The text with bytes of no known letter shown as \\xNN, and half a letter of JSON as \\uNNNN."""
    return SURROGATE.sub(_shown, text)


def _shown(surrogate: re.Match) -> str:
    code = ord(surrogate[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
