"""Which encoding a file is in, said to the user and never guessed silently; and the file as UTF-8."""

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from python_jobs.command_line import UsageProblem
from python_jobs.landing.short_text_encoding import arabic_encoding, short_text_encoding

CHUNK = 1 << 20
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What Gulf lists that are not Unicode come in. cp1252 holds latin-1's letters and more.
LATIN_ENCODINGS = ("cp1252", "latin_1")
SINGLE_BYTE_ENCODINGS = ("cp1256", "iso8859_6", *LATIN_ENCODINGS)
# What the spreadsheets of Gulf offices take a file without a mark for.
TAKEN_FOR = ("cp1256", "cp1252")
ARABIC_LETTERS = re.compile("[\u0621-\u064a]{2}")
MULTIBYTE_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Below so many letters beyond ASCII the library guesses: one word of eight came out wrong.
FEW_LETTERS = 200
FEW_STRAY_BYTES = 20
TELLING_LINES = 100
NAMES = {
    "utf_8": "utf-8",
    "utf_8_sig": "utf-8-sig",
    "cp1256": "windows-1256",
    "iso8859_6": "iso-8859-6",
    "cp1252": "windows-1252",
    "latin_1": "latin-1",
}


@dataclass(frozen=True)
class FileBytes:
    """What one pass over the bytes tells: the hash, whether it is UTF-8 throughout, the line ends."""

    sha256: str
    size: int
    head: bytes
    is_utf8: bool
    bad_utf8_lines: int
    non_ascii_lines: int


def survey_bytes(path: Path) -> FileBytes:
    """One streaming pass. Raises UsageProblem when there is no such file or it cannot be read."""
    digest, size, head = hashlib.sha256(), 0, b""
    decoder, is_utf8 = codecs.getincrementaldecoder("utf-8")(), True
    try:
        if path.is_dir():
            raise UsageProblem(f"{path} is a folder, not a file.")
        # It is read more than once, and a pipe or a device may never end.
        if path.exists() and not path.is_file():
            raise UsageProblem(f"{path} is a pipe or a device, not a file: save the list as a file first.")
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                head = head or chunk
                size += len(chunk)
                if is_utf8:
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError:
                        is_utf8 = False
    except FileNotFoundError:
        raise UsageProblem(f"There is no file {path}.") from None
    except OSError as error:
        raise UsageProblem(f"{path} cannot be read: {error.strerror}.") from error
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    bad, non_ascii = (0, 0) if is_utf8 else _count_lines(path)
    return FileBytes(digest.hexdigest(), size, head, is_utf8, bad, non_ascii)


def _count_lines(path: Path) -> tuple[int, int]:
    """Of a file that is not all UTF-8: its lines that are not, and its lines beyond ASCII."""
    bad = non_ascii = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                non_ascii += 1
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    bad += 1
    return bad, non_ascii


def detect_encoding(path: Path, survey: FileBytes) -> str:
    """The name of the file's encoding, as codecs know it. Raises UsageProblem when it is no text."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if survey.head.startswith(mark):
            return encoding
    if encoding := _wide_without_mark(survey.head):
        return encoding
    if survey.head.count(0) * 3 > len(survey.head):
        raise UsageProblem(_binary(path))
    if survey.is_utf8:
        return "utf-8"
    # A few damaged lines do not make a UTF-8 file windows-1256: those lines are rejected one by one.
    if survey.bad_utf8_lines * 4 < survey.non_ascii_lines:
        return "utf-8"
    if sum(byte < 9 for byte in survey.head) > len(survey.head) // 50:
        raise UsageProblem(_binary(path))
    sample = _non_utf8_sample(path)
    # A few stray bytes are damage, not another encoding.
    is_damage = _letters_beyond_ascii(sample) < FEW_STRAY_BYTES and _is_mostly_utf8(_non_ascii_sample(path))
    return "utf-8" if is_damage or _is_mostly_utf8(sample) else _single_byte_encoding(sample)


def has_lines_of_utf8(encoding: str, survey: FileBytes) -> bool:
    """Whether a file of this detected encoding has lines in UTF-8 besides: two lists, put together.

    A line of Arabic or Latin words in another encoding is never UTF-8 by chance.
    """
    return encoding in SINGLE_BYTE_ENCODINGS and survey.bad_utf8_lines < survey.non_ascii_lines


def check_said_encoding(path: Path, survey: FileBytes, encoding: str) -> None:
    """Raises UsageProblem when the file is certainly not in the encoding that a person said.

    Nothing would fail: the letters would only be other ones, or most lines would be rejected.
    """
    name = _codec(encoding)
    advice = "Leave --encoding out, or say the right one."
    marked = next((mark for mark in BYTE_ORDER_MARKS if survey.head.startswith(mark[0])), None)
    if marked and not name.startswith(marked[1].removesuffix("-sig")):
        raise UsageProblem(f"{path.name} says by its first bytes that it is {marked[1]}. {advice}")
    if name.startswith(("utf-16", "utf-32")):
        if survey.is_utf8 and b"\0" not in survey.head:
            raise UsageProblem(f"{path.name} is not in {encoding_name(encoding)}. {advice}")
        return
    lines = _non_ascii_sample(path).splitlines()
    if survey.is_utf8 and lines and name not in ("utf-8", "utf-8-sig"):
        raise UsageProblem(f"{path.name} is in utf-8, not in {encoding_name(encoding)}. {advice}")
    unread = sum(not _is_in(line, name) for line in lines)
    if unread * 2 > len(lines):
        raise UsageProblem(
            f"{path.name} is not in {encoding_name(encoding)}: of {len(lines):,} lines with letters beyond "
            f"ASCII, {unread:,} cannot be read so. {advice}"
        )


def _is_in(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _codec(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # some codecs are no encodings of text
    except (LookupError, TypeError):
        raise UsageProblem(
            f"{encoding!r} is no encoding. Known are for example utf-8, utf-16, windows-1256, "
            "iso-8859-6 and latin-1."
        ) from None
    return name


def _binary(path: Path) -> str:
    return f"{path.name} is a binary file: no text table (CSV), Excel workbook or JSON."


def encoding_name(encoding: str) -> str:
    """The name as people write it: windows-1256, not cp1256."""
    return NAMES.get(encoding.replace("-", "_"), encoding)


def as_utf8(path: Path, encoding: str, folder: Path) -> Path:
    """The file itself when it is UTF-8, else a UTF-8 copy of it in `folder`.

    Bytes that the encoding does not know stay what they are: the copy is then not UTF-8 there, and
    the reader rejects those lines instead of inventing letters. Raises UsageProblem for an unknown
    encoding.
    """
    name = _codec(encoding)
    if name in ("utf-8", "utf-8-sig", "ascii"):
        return path
    errors = "surrogatepass" if name.startswith(("utf-16", "utf-32")) else "surrogateescape"
    copy = folder / "as_utf8.csv"
    try:
        decoder = codecs.getincrementaldecoder(name)(errors)
        with path.open("rb") as source, copy.open("wb") as target:
            while chunk := source.read(CHUNK):
                target.write(decoder.decode(chunk).encode("utf-8", errors))
            # Half a letter at the end of a file that was cut off: no letter of UTF-8 either.
            half = "".join(chr(0xDC00 + byte) for byte in decoder.getstate()[0])
            target.write(half.encode("utf-8", "surrogatepass"))
    except (UnicodeError, LookupError) as error:
        raise UsageProblem(f"{path.name} is not in {encoding_name(encoding)}: {error}.") from error
    return copy


def lines_as_utf8(path: Path, encoding: str, folder: Path) -> Path:
    """A copy in UTF-8 in `folder`: lines that are UTF-8 stay, the others are in `encoding`."""
    copy = folder / "as_utf8.csv"
    with path.open("rb") as source, copy.open("wb") as target:
        for line in source:
            if not _is_in(line, "utf-8"):
                line = line.decode(encoding, "surrogateescape").encode("utf-8", "surrogateescape")
            target.write(line)
    return copy


def written_twice(survey: FileBytes) -> str | None:
    """The encoding that the file's UTF-8 was taken for before it was written as UTF-8 once more, if it was.

    A spreadsheet does that with a file that has no mark: the bytes of each letter become letters of their
    own. Text as people write it never reads as UTF-8 once more.
    """
    start = survey.head.removeprefix(codecs.BOM_UTF8).splitlines()
    lines = list(islice((line for line in start if not line.isascii()), TELLING_LINES))
    for encoding in TAKEN_FOR:
        once = [_written_once(line.decode("utf-8", "replace"), encoding) for line in lines]
        if sum(text is not None for text in once) * 2 > len(lines) and any(
            text and ARABIC_LETTERS.search(text) for text in once
        ):
            return encoding
    return None


def written_once(path: Path, encoding: str, folder: Path) -> Path:
    """A copy in `folder` of a file that was written twice, as it was before it was taken for `encoding`.

    A line that lost letters on the way stays as it is.
    """
    copy = folder / "written_once.csv"
    with (
        path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as source,
        copy.open("w", encoding="utf-8", errors="surrogateescape", newline="") as target,
    ):
        for line in source:
            target.write(line if line.isascii() else _written_once(line, encoding) or line)
    return copy


def _written_once(text: str, encoding: str) -> str | None:
    try:
        # What windows-1252 has no letter for is taken for the control sign of that number.
        return b"".join(
            letter.encode("latin-1" if "\x7f" < letter < "\xa0" else encoding) for letter in text
        ).decode("utf-8")
    except UnicodeError:
        return None


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 or UTF-32, if these bytes are."""
    sample = head[: 1 << 16]
    line_ends = sample.count(b"\n") + sample.count(b"\r")
    # The other half of a Latin letter is 0, that of an Arabic one 6.
    if (sample.count(0) + sample.count(6)) * 10 < len(sample) or not line_ends:
        return None
    # Line ends tell: each has its zero bytes beside it, always on the same side. Of UTF-32, half of
    # these zeros would do for UTF-16.
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        wide = "\n".encode(encoding), "\r".encode(encoding)
        places = [match.start() for end in wide for match in re.finditer(re.escape(end), sample)]
        if len(places) * 10 >= line_ends * 9 and all(place % len(wide[0]) == 0 for place in places):
            return encoding
    return None


def _non_ascii_sample(path: Path) -> bytes:
    """Lines beyond ASCII, up to 64 KB."""
    return _sample(path, lambda line: not line.isascii())


def _non_utf8_sample(path: Path) -> bytes:
    """Lines that are no UTF-8, up to 64 KB: what tells the encodings apart."""
    return _sample(path, lambda line: not line.isascii() and not _is_in(line, "utf-8"))


def _sample(path: Path, is_wanted: Callable[[bytes], bool]) -> bytes:
    lines, size = [], 0
    with path.open("rb") as file:
        for line in filter(is_wanted, file):
            lines.append(line[:4096])
            size += len(lines[-1])
            if size > 65536:
                break
    return b"".join(lines)


def _is_mostly_utf8(sample: bytes) -> bool:
    """Whether of its bytes beyond ASCII few belong to no letter of UTF-8; of other encodings most do not."""
    letters = len(MULTIBYTE_LETTER.findall(sample))
    stray = sum(byte > 127 for byte in MULTIBYTE_LETTER.sub(b"", sample))
    return letters > 3 * stray


def _single_byte_encoding(sample: bytes) -> str:
    """cp1256, iso8859_6 or cp1252: the one in which the most bytes make Arabic words or Latin letters."""
    if _letters_beyond_ascii(sample) < FEW_LETTERS:
        return short_text_encoding(sample)
    best = from_bytes(sample, cp_isolation=list(SINGLE_BYTE_ENCODINGS)).best()
    # Of the two Arabic ones the library takes the wrong one when few words come again and again.
    return best.encoding if best and best.encoding in LATIN_ENCODINGS else arabic_encoding(sample)


def _letters_beyond_ascii(sample: bytes) -> int:
    return sum(byte > 127 for byte in sample)
