"""A list that a person hands over, of opt-outs or exported before: read as lead files are, in any format."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from python_jobs.command_line import UsageProblem
from python_jobs.landing.column_mapping import propose_mapping
from python_jobs.landing.lead_file import open_lead_file, records_below


@dataclass(frozen=True)
class ListLine:
    """A line that is not blank: `text` is what stands in it, `cells` its row by column (empty: no row).

    `row_number` is what a spreadsheet counts: a cell of several lines does not make it more.
    """

    row_number: int
    text: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class HandedList:
    """`columns` as the header names them, none without one; `fields`: what each is recognised as, or None."""

    columns: tuple[str, ...]
    fields: Mapping[str, str | None]
    lines: tuple[ListLine, ...]


def read_list(path: Path) -> HandedList:
    """Every line of the file but the header and blank ones.

    Raises UsageProblem when it is no table, or hides something: formulas that were never computed.
    """
    with open_lead_file(path) as lead_file:
        if lead_file.uncomputed_formulas:
            where = ", ".join(column for column, _ in lead_file.uncomputed_formulas)
            raise UsageProblem(
                f"{path.name} has formulas that were never computed ({where}), so an opt-out in it could be "
                "missed. Open it in Excel, save it, and take that."
            )
        columns = lead_file.columns if lead_file.has_header else ()
        fields = {column.column: column.field for column in propose_mapping(columns, lead_file.sample)}
        lines = [ListLine(line.line_number, line.line_text, {}) for line in lead_file.rejected_lines]
        lines_in_cells = 0
        for number, text, rows, _ in records_below(lead_file):
            number -= lines_in_cells
            if lead_file.format == "text":
                lines_in_cells += text.count("\n")
            if not rows:
                lines.append(ListLine(number, text, {}))
            for row in rows:
                cells = [cell.strip() for cell in row]
                if any(cells):
                    filled = " ".join(cell for cell in cells if cell)
                    lines.append(ListLine(number, filled, dict(zip(columns, cells, strict=False))))
        return HandedList(columns, fields, tuple(lines))
