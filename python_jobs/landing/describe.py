"""How a file was understood, in lines for a person: what `import` and `audit` both show."""

from collections.abc import Sequence
from typing import Any

from python_jobs.landing.column_mapping import SENSITIVE, MappedColumn, ambiguous_columns
from python_jobs.landing.lead_file import DELIMITERS, LeadFile


def file_facts(lead_file: LeadFile) -> dict[str, Any]:
    """How the file was read, for the JSON answer."""
    is_text = lead_file.format == "text"
    return {
        "file": lead_file.path.name,
        "format": lead_file.format,
        "is_compressed": lead_file.is_compressed,
        "sheet": lead_file.sheet,
        "other_sheets": list(lead_file.other_sheets),
        "encoding": lead_file.encoding,
        "delimiter": lead_file.delimiter if is_text else None,
        "has_header": lead_file.has_header,
        "uncomputed_formulas": dict(lead_file.uncomputed_formulas),
    }


def mapping_facts(mapping: Sequence[MappedColumn]) -> dict[str, Any]:
    """Which columns a person should look at, by name, for the JSON answer."""
    return {
        "unmapped_columns": [entry.column for entry in mapping if entry.field is None],
        "ambiguous_columns": [entry.column for entry in ambiguous_columns(mapping)],
        "sensitive_columns": [entry.column for entry in mapping if entry.field in SENSITIVE],
        "opt_out_columns": [entry.column for entry in mapping if entry.field == "opt_out"],
    }


def mapping_lines(document: dict[str, Any]) -> list[str]:
    """How the file was read, and what each column was taken for, how full it is when that is known."""
    fill_rates = document.get("fill_rates", {})
    columns = [
        MappedColumn(**{name: value for name, value in entry.items() if name != "fill_rate"})
        for entry in document["columns"]
    ]
    lines = [f"Read as {reading(document)}, {len(columns)} columns:"]
    if document.get("other_sheets"):
        lines.append(f"  Sheets not read (--sheet): {', '.join(document['other_sheets'])}.")
    if uncomputed := document.get("uncomputed_formulas"):
        listed = ", ".join(f"{count:,} in {column}" for column, count in uncomputed.items())
        lines.append(f"  Formulas without a result ({listed}): no program has computed them, so what they "
                     "would show is missing here. Open the workbook in Excel, save it, and take "
                     "that.")  # fmt: skip
    if not document["has_header"]:
        lines.append("  The first line looks like data, so the file seems to have no header: "
                     "name its columns with --mapping.")  # fmt: skip
    if len(columns) == 1 and document.get("format", "text") == "text":
        lines.append("  A table of one column. If it has more, the sign that parts them is not known: name "
                     "it in a first line like sep=^ .")  # fmt: skip
    ambiguous = ambiguous_columns(columns)
    width = min(max((len(entry.column) for entry in columns), default=0), 40)
    for entry in columns:
        filled = f"{fill_rates[entry.column]:>5.0%} filled  " if entry.column in fill_rates else ""
        lines.append(f"  {entry.column:<{width}}  {filled}{_meaning(entry, entry in ambiguous)}")
    if sensitive := [entry.column for entry in columns if entry.field in SENSITIVE]:
        lines.append(f"Ids of people or sensitive data ({', '.join(sensitive)}): kept out of everything "
                     "derived; better ask for a list without.")  # fmt: skip
    if any(entry.origin == "saved" for entry in columns):
        lines.append("The mapping that was given for this source before is used again; "
                     "--mapping replaces it.")  # fmt: skip
    if not any(entry.field in ("company_name", "company_name_ar") for entry in columns):
        lines.append("No column is taken for the company name, so every row will be rejected: "
                     "use --mapping.")  # fmt: skip
    return lines


def reading(document: dict[str, Any]) -> str:
    """Which format the file was read as, in words: `windows-1256, semicolon-separated`."""
    if document.get("format", "text") == "Excel":
        how = f"Excel, sheet {document['sheet']!r}"
    elif document.get("format", "text") == "text":
        sign = document["delimiter"]
        parted = f"{DELIMITERS[sign]}-separated" if sign in DELIMITERS else f"separated by {sign!r}"
        how = f"{document['encoding']}, {parted}"
    else:
        how = f"{document['format']}, {document['encoding']}"
    return f"gzip of {how}" if document.get("is_compressed") else how


def _meaning(entry: MappedColumn, is_ambiguous: bool) -> str:
    if entry.field is None:
        person = {"file": ", as the mapping says", "saved": ", as before"}.get(entry.origin, "")
        return f"(kept in the raw row only{person})"
    if entry.field in SENSITIVE:
        return f"{entry.field}: kept out of everything derived"
    if is_ambiguous:
        return f"{entry.field}, but another column is read as that (use --mapping to choose)"
    said = {"file": "as the mapping says", "saved": "as the mapping said before"}.get(
        entry.origin, f"confidence {entry.confidence:.2f}"
    )
    return f"{entry.field} ({said})"
