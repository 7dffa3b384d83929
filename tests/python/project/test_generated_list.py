"""The list that benchmarks and quality figures stand on: repeatable, and true to its truth file."""

import csv
import re
from collections import defaultdict

from benchmarks.generate_list import COLUMNS, generate_list

ROWS = 4000


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_same_rows_and_seed_give_the_same_bytes(tmp_path):
    paths = [tmp_path / name for name in ("first.csv", "second.csv", "other.csv")]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        generate_list(path, rows=ROWS, seed=seed)
    first, second, other = (path.read_bytes() for path in paths)
    assert first == second
    assert first != other


def test_the_truth_names_the_company_of_every_row(tmp_path):
    truth = read(generate_list(tmp_path / "list.csv", rows=ROWS))
    rows = read(tmp_path / "list.csv")
    assert len(rows) == len(truth) == ROWS
    assert list(rows[0]) == list(COLUMNS)
    assert [int(entry["row_number"]) for entry in truth] == list(range(1, ROWS + 1))

    seen, own_brands = set(), defaultdict(set)
    for row, entry in zip(rows, truth, strict=True):
        assert (entry["company_id"] in seen) == (entry["is_repeat"] == "1")
        seen.add(entry["company_id"])
        if found := re.fullmatch(r"(?:info|sales)@([a-z]+)\..+", row["Email"]):
            own_brands[found[1]].add(entry["company_id"])
    assert 0.2 < 1 - len(seen) / ROWS < 0.3
    assert len(own_brands) > 100
    assert all(len(companies) == 1 for companies in own_brands.values())
