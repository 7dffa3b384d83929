"""Unpacks gzip and checks zip files, so that a bomb is refused before it fills the disk or the memory."""

import gzip
import shutil
import zipfile
import zlib
from pathlib import Path

from python_jobs.command_line import UsageProblem

CHUNK = 1 << 20
# Lists shrink 5 to 30 times, tables of one repeated value 100 times, bombs 1,000 times.
HARMLESS_BYTES = 100 << 20
LARGEST_RATIO = 150
# A workbook is held in memory while it is read: a million rows of twelve columns are about 600 MB.
LARGEST_WORKBOOK_BYTES = 1 << 30
MOST_MEMBERS = 10_000
KEPT_FREE_BYTES = 1 << 30
OTHER_OFFICE_DOCUMENTS = frozenset(["word/document.xml", "ppt/presentation.xml"])


def gunzip(path: Path, folder: Path) -> Path:
    """The unpacked copy in `folder`. Raises UsageProblem when it is damaged or grows beyond measure."""
    limit = max(HARMLESS_BYTES, path.stat().st_size * LARGEST_RATIO)
    room = shutil.disk_usage(folder).free - KEPT_FREE_BYTES
    target = folder / "unpacked" / (path.stem or path.name)
    target.parent.mkdir()
    size = 0
    try:
        with gzip.open(path) as source, target.open("wb") as file:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise UsageProblem(_too_large(path.name, f"more than {LARGEST_RATIO} times its size"))
                if size > room:
                    raise UsageProblem(
                        f"{path.name} does not fit unpacked into {folder.parent}: free some space there."
                    )
                file.write(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UsageProblem(f"{path.name} is a damaged gzip file: {error}.") from error
    return target


def check_workbook_archive(path: Path, name: str) -> None:
    """Raises UsageProblem unless the zip file is a whole .xlsx workbook of bearable size.

    The directory is asked first; then every member is read once, because a directory can lie.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_directory(path, name, members)
            for member in members:
                with archive.open(member) as file:
                    # Stops at the size that the directory tells, and compares the checksum there.
                    while file.read(CHUNK):
                        pass
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise UsageProblem(
            f"{name} is a damaged Excel workbook or zip file: {error}. Ask for it again, or for CSV."
        ) from error


def _check_directory(path: Path, name: str, members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename.replace("\\", "/").lower() for member in members}
    if "xl/workbook.bin" in names:
        raise UsageProblem(f"{name} is a binary Excel workbook (.xlsb). Save it as .xlsx or CSV first.")
    if "content.xml" in names and "meta-inf/manifest.xml" in names:
        raise UsageProblem(f"{name} is an OpenDocument file (.ods). Save it as .xlsx or CSV first.")
    if names & OTHER_OFFICE_DOCUMENTS:
        raise UsageProblem(
            f"{name} is a Word or PowerPoint document, no workbook. Ask for the table as CSV or Excel."
        )
    if "index/document.iwa" in names:
        raise UsageProblem(f"{name} is an Apple Numbers document. Export it as Excel or CSV first.")
    if "xl/workbook.xml" not in names and "[content_types].xml" not in names:
        raise UsageProblem(f"{name} is a zip file and no Excel workbook. Unpack it first.")
    if any(member.flag_bits & 1 for member in members):
        raise UsageProblem(f"{name} is protected by a password. Ask for it without.")
    size = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS:
        raise UsageProblem(_too_large(name, f"{len(members):,} parts"))
    if size > LARGEST_WORKBOOK_BYTES or size > max(HARMLESS_BYTES, path.stat().st_size * LARGEST_RATIO):
        raise UsageProblem(_too_large(name, f"{size / 1e6:,.0f} MB"))


def _too_large(name: str, what: str) -> str:
    return (
        f"{name} would unpack to {what}, which is no lead list that can be read safely. "
        "Ask for the table as plain CSV."
    )
