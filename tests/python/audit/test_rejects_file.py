"""The file that goes back to the vendor: written set-based, cell for cell as safe_cell would."""

import csv
import errno
from itertools import product

import duckdb
import pytest

from python_jobs.audit import rejects_file
from python_jobs.audit.rejects_file import _safe, write_rejects
from python_jobs.command_line import UsageProblem
from python_jobs.export_outreach_ready import FORMULA_STARTS, IGNORED_STARTS, safe_cell
from python_jobs.landing.column_mapping import MappedColumn

TEXTS = ("", "Acme", "0501234567", "شركة", "a=b", "'=1", "[x]", "^", "\\", "\v=1", "]=1")
MAPPING = [MappedColumn("a/b", None, 1, 0.0, "unmapped")]


def test_sql_guards_the_cells_that_safe_cell_guards():
    starts = ["", *IGNORED_STARTS, *FORMULA_STARTS]
    cells = [first + second + text for first, second, text in product(starts, starts, TEXTS)]
    written = duckdb.execute(
        f"select {_safe('cell')} from (select unnest($cells) as cell)", {"cells": cells}
    ).fetchall()
    assert [cell for (cell,) in written] == [safe_cell(cell) for cell in cells]
    assert sum(safe_cell(cell) != cell for cell in cells) > 1000


def _with_rejected_rows():
    connection = duckdb.connect()
    connection.execute(
        """
        create schema raw;
        create table raw.raw_lead_rows as
        select i as row_number, json_object('a/b', '=' || i) as payload from range(1, 5001) as t(i);
        create table raw.raw_rejected_lines as select 3 as line_number, 'x,y' as line_text;
        create temp table row_checks as
        select i - 1 as check_id, 'row' as place, i as number, false as is_acceptable, 'why' as details
        from range(1, 5001) as t(i) union all select 5000, 'line', 3, false, 'too_many_cells';
        create temp table broken_terms as
        select check_id, 1 as term_number, 'bad' as problem from temp.row_checks where check_id % 2 = 0
        """
    )
    return connection


def test_rows_find_their_record_by_an_equality_join(tmp_path):
    """A join on a constant compares every rejected row with every row: hours for a million."""
    plans = []

    class Explained:
        def execute(self, query, parameters):
            plans.append(connection.execute("explain " + query, parameters).fetchall()[0][1])
            return connection.execute(query, parameters)

    connection = _with_rejected_rows()
    count = write_rejects(Explained(), MAPPING, tmp_path / "rejects.csv")
    lines = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()
    assert count == len(lines) - 1 == 2501
    assert lines[1:3] == ["row 1,yes,bad,why,'=1,", "row 3,yes,bad,why,'=3,"]
    assert lines[-1] == 'line 3,yes,bad,too_many_cells,,"x,y"'
    assert "HASH_JOIN" in plans[0]
    assert "NL_JOIN" not in plans[0]


def test_a_full_disk_leaves_no_half_of_it(tmp_path, monkeypatch):
    write = csv.writer

    class FullAfterTheHeader:
        def __init__(self, file):
            self.writerow = write(file).writerow

        def writerows(self, rows):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(rejects_file.csv, "writer", FullAfterTheHeader)
    with pytest.raises(UsageProblem, match="No space left"):
        write_rejects(_with_rejected_rows(), MAPPING, tmp_path / "rejects.csv")
    assert list(tmp_path.iterdir()) == []
