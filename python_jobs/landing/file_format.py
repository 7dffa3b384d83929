"""Which format a file is in, told by its first bytes and never by its name."""

import codecs

from python_jobs.command_line import UsageProblem

GZIP_MARK = b"\x1f\x8b"
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
# A tar archive names its format behind the first member's name.
TAR_MARK, TAR_MARK_AT = b"ustar", 257
WEB_PAGE = ("a web page", "Open it in a spreadsheet and save it as CSV first.")
# What websites call an Excel file may begin with any of these; a hostile cell may, too, but has no rows.
PARTS_OF_A_PAGE = (b"<!--", b"<head", b"<meta", b"<title", b"<style", b"<body", b"<center", b"<div")
OTHER_FORMATS = (
    (GZIP_MARK, "compressed twice", "Unpack it first."),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook (.xls) or one that is protected by a password",
        "Save it as .xlsx or CSV without a password first.",
    ),
    (b"%PDF", "a PDF document", "Ask for the table itself as CSV or Excel."),
    (b"<html", *WEB_PAGE),
    (b"<!doctype", *WEB_PAGE),
    (b"<?xml", "an XML document", "Save it as CSV first."),
    (b"<table", *WEB_PAGE),
    (b"mime-version:", *WEB_PAGE),
    (rb"{\rtf", "a formatted text (.rtf)", "Ask for the table itself as CSV or Excel."),
    (b"begin:vcard", "a file of contact cards (.vcf)", "Export the contacts as CSV instead."),
)


def is_gzip(head: bytes) -> bool:
    """Whether bytes that begin so are compressed with gzip."""
    return head.startswith(GZIP_MARK)


def is_zip(head: bytes) -> bool:
    """Whether bytes that begin so are a zip file, as every .xlsx workbook is."""
    return head.startswith(ZIP_MARKS)


def refuse_other_formats(name: str, head: bytes) -> None:
    """Raises UsageProblem with a sentence that says what to do when bytes that begin so are no list."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if not start:
        raise UsageProblem(f"{name} is empty.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = head[2:].replace(b"\0", b"").lstrip().lower()
    if head[TAR_MARK_AT:].startswith(TAR_MARK):
        raise UsageProblem(f"{name} is a tar archive. Unpack it first.")
    for mark, what, advice in OTHER_FORMATS:
        if start.startswith(mark.lower()):
            raise UsageProblem(f"{name} is {what}. {advice}")
    if start.startswith(PARTS_OF_A_PAGE) and b"<tr" in start:
        raise UsageProblem(f"{name} is {WEB_PAGE[0]}. {WEB_PAGE[1]}")
