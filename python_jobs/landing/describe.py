"""How a file was understood, in lines for a person: what `import` and `audit` both show."""

from typing import Any

from python_jobs.landing.column_mapping import SENSITIVE, MappedColumn, ambiguous_columns
from python_jobs.landing.lead_file import DELIMITERS


def mapping_lines(document: dict[str, Any]) -> list[str]:
    """Encoding, delimiter, and what each column was taken for, how full it is when that is known."""
    fill_rates = document.get("fill_rates", {})
    columns = [
        MappedColumn(**{name: value for name, value in entry.items() if name != "fill_rate"})
        for entry in document["columns"]
    ]
    lines = [
        f"Read as {document['encoding']}, {DELIMITERS.get(document['delimiter'], 'one')}-separated, "
        f"{len(columns)} columns:"
    ]
    if not document["has_header"]:
        lines.append("  The first line looks like data, so the file seems to have no header: "
                     "name its columns with --mapping.")  # fmt: skip
    ambiguous = ambiguous_columns(columns)
    width = min(max((len(entry.column) for entry in columns), default=0), 40)
    for entry in columns:
        filled = f"{fill_rates[entry.column]:>5.0%} filled  " if entry.column in fill_rates else ""
        lines.append(f"  {entry.column:<{width}}  {filled}{_meaning(entry, entry in ambiguous)}")
    if not any(entry.field in ("company_name", "company_name_ar") for entry in columns):
        lines.append("No column is taken for the company name, so every row will be rejected: "
                     "use --mapping.")  # fmt: skip
    return lines


def _meaning(entry: MappedColumn, is_ambiguous: bool) -> str:
    if entry.field is None:
        return "(kept in the raw row only)"
    if entry.field in SENSITIVE:
        return f"{entry.field}: kept out of everything derived; better ask for a list without it"
    if is_ambiguous:
        return f"{entry.field}, but another column is read as that (use --mapping to choose)"
    said = "as the mapping says" if entry.origin == "file" else f"confidence {entry.confidence:.2f}"
    return f"{entry.field} ({said})"
