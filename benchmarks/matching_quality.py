"""Precision, recall and F1 of identity on labelled lists, side by side with Splink on the same rows.

    python -m benchmarks.matching_quality --data ../shared/data [--generated 100000] [--out FILE]

Counted are pairs of records: of all pairs that share an account, how many are one company (precision);
of all pairs that are one company, how many share an account (recall), or an account or the review band.
"Linkable" are true pairs that a phone, domain, mailbox or place of both links.
"""

import argparse
import csv
import itertools
import logging
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.matching_riyadh import HEADER, labelled_rows

ROOT = Path(__file__).resolve().parents[1]
TERMS = (
    *("--source-type", "owned", "--allowed-use", "customer_relationship"),
    *("--consent-status", "owned", "--risk-level", "low"),
)
Pair = tuple[int, int]


def fodors_zagat(data: Path, out: Path) -> list[str]:
    """Writes both guides as one list; returns each row's company (a label)."""
    folder = data / "fodors_zagat"
    zagat_of = {row["fodors_id"]: row["zagats_id"] for row in _read(folder / "matches_fodors_zagats.csv")}
    rows, labels = [], []
    for source in ("fodors", "zagats"):
        for row in _read(folder / f"{source}.csv"):
            phone = "+1 " + row["phone"].replace("/", "-")
            rows.append((row["name"], row["addr"], row["city"], phone, "restaurant"))
            is_matched = source == "fodors" and row["id"] in zagat_of
            labels.append(f"zagats {zagat_of[row['id']]}" if is_matched else f"{source} {row['id']}")
    _write(out, ("Company Name", "Address", "City", "Phone", "Sector"), rows)
    return labels


def senzing(data: Path, out: Path) -> list[str]:
    """Writes the three sources (persons and companies alike) as one list; returns each row's cluster."""
    folder = data / "senzing_truthset"
    cluster_of = {
        (row["DATA_SOURCE"], row["RECORD_ID"]): row["CLUSTER_ID"]
        for row in _read(folder / "actual_truthset_key.csv")
    }
    rows, labels = [], []
    for source in ("customers", "reference", "watchlist"):
        for row in _read(folder / f"{source}.csv"):
            parts = ("PRIMARY_NAME_FIRST", "PRIMARY_NAME_MIDDLE", "PRIMARY_NAME_LAST")
            name = row.get("PRIMARY_NAME_ORG") or row.get("PRIMARY_NAME_FULL")
            name = name or " ".join(row[part] for part in parts if row.get(part))
            phone = row.get("PHONE_NUMBER") or ""
            phone = f"+1 {phone}" if sum(map(str.isdigit, phone)) == 10 and phone[:1] != "+" else phone
            address = row.get("ADDR_FULL") or row.get("ADDR_LINE1") or ""
            rows.append(
                (name, row.get("NATIVE_NAME_FULL") or "", phone, row.get("EMAIL_ADDRESS") or "",
                 address, row.get("ADDR_CITY") or "")
            )  # fmt: skip
            labels.append(cluster_of[row["DATA_SOURCE"], row["RECORD_ID"]])
    _write(out, ("Company Name", "Arabic Name", "Phone", "Email", "Address", "City"), rows)
    return labels


def riyadh(data: Path, out: Path) -> list[str]:
    """Writes the labelled list made of Riyadh businesses; returns each row's company."""
    files = [data / "riyadh_osm" / f"riyadh_{kind}.csv" for kind in ("office", "shop")]
    rows = list(labelled_rows(files))
    _write(out, HEADER[:-1], [row[:-1] for row in rows])
    return [row[-1] for row in rows]


def generated(length: int, out: Path) -> list[str]:
    """Writes a generated list of so many rows; returns each row's company."""
    subprocess.run(
        [sys.executable, "-m", "benchmarks.generate_list", str(out), "--rows", str(length), "--seed", "1"],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return [row["company_id"] for row in _read(out.with_suffix(".truth.csv"))]


def build_lake(file: Path, lake: Path) -> None:
    """Land and build a list up to the graph, as a user does."""
    environment = {**os.environ, "DEALIX_WAREHOUSE": str(lake), "DEALIX_OPERATOR": "benchmark"}
    for arguments in (
        ("import", str(file), "--source-name", file.stem, *TERMS),
        ("run", "--step", "normalize"),
        ("run", "--step", "dedupe"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "python_jobs", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"dealix {' '.join(arguments)} failed:\n{done.stderr}")


def splink_clusters(lake: Path, cut: float) -> Iterable[list[int]]:
    """The row numbers of each cluster that Splink, trained on the same normalised rows, finds at this cut."""
    import pandas
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    with duckdb.connect(str(lake), read_only=True) as connection:
        rows: pandas.DataFrame = connection.execute(
            """
            select row_number as unique_id, normalized_name, phone_e164, email, domain, place_id, city
            from normalised.lead_rows where row_status = 'accepted'
            """
        ).df()
    fields = [name for name in ("phone_e164", "email", "domain", "place_id", "city")
              if rows[name].notna().sum() > 1]  # fmt: skip
    keys = [name for name in fields if name != "city"]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("normalized_name", [0.95, 0.88, 0.75]),
            *(compare.ExactMatch(name).configure(term_frequency_adjustments=True) for name in fields),
        ],
        blocking_rules_to_generate_predictions=[
            *(block_on(name) for name in keys),
            block_on("normalized_name"),
            block_on("substr(normalized_name, 1, 5)", "city"),
        ],
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    database = DuckDBAPI()
    linker = Linker(database.register(rows) if hasattr(database, "register") else rows, settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("normalized_name", "phone_e164")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    for rule in (block_on("normalized_name"), block_on("phone_e164")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=cut)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, cut)
    frame = clusters.as_pandas_dataframe()
    return frame.groupby("cluster_id")["unique_id"].apply(list)


def pairs_of(groups: Iterable[list[int]]) -> set[Pair]:
    """All pairs within the groups, the smaller number first."""
    return {pair for group in groups for pair in itertools.combinations(sorted(group), 2)}


def score(found: set[Pair], true: set[Pair]) -> tuple[float, float, float]:
    """Precision, recall, F1 of pairs."""
    both = len(found & true)
    precision, recall = both / max(len(found), 1), both / max(len(true), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def measure(name: str, file: Path, labels: list[str], folder: Path) -> list[str]:
    """One line of the table per system."""
    lake = folder / f"{file.stem}.duckdb"
    build_lake(file, lake)
    companies = defaultdict(list)
    for number, label in enumerate(labels, start=1):
        companies[label].append(number)
    true = pairs_of(companies.values())
    with duckdb.connect(str(lake), read_only=True) as connection:
        accounts = connection.execute(
            "select account_id, list(row_number) from identity.clusters group by account_id"
        ).fetchall()
        members = dict(accounts)
        band = {
            (min(left, right), max(left, right))
            for left_id, right_id in connection.execute(
                "select left_account_id, right_account_id from identity.match_candidates"
            ).fetchall()
            for left in members[left_id]
            for right in members[right_id]
        }
        linkable = true & {
            tuple(pair)
            for pair in connection.execute(
                """
                with keyed as (
                    from identity.match_keys
                    inner join identity.accepted_rows using (landing_rank)
                )
                select distinct l.row_number, r.row_number
                from keyed as l
                inner join keyed as r
                    on l.key_kind = r.key_kind and l.key_value = r.key_value and l.row_number < r.row_number
                where l.key_kind in ('phone', 'domain', 'email', 'place_id')
                """
            ).fetchall()
        }
    found = pairs_of(members.values())
    precision, recall, f1 = score(found, true)
    lines = [
        f"| {name} | Dealix | {precision:.4f} | {recall:.4f} | {f1:.4f} | "
        f"{len(found & linkable) / max(len(linkable), 1):.4f} | "
        f"{len((found | band) & true) / len(true):.4f} | "
        f"{len(labels):,} / {len(true):,} / {len(band):,} |"
    ]
    for cut in (0.5, 0.99):
        try:
            pairs = pairs_of(splink_clusters(lake, cut))
        except Exception as problem:  # what a library of statistics cannot be trained on is a result, too
            lines.append(
                f"| {name} | Splink {cut} | - | - | - | - | - | {type(problem).__name__}: {problem} |"
            )
            continue
        precision, recall, f1 = score(pairs, true)
        lines.append(
            f"| {name} | Splink {cut} | {precision:.4f} | {recall:.4f} | {f1:.4f} | "
            f"{len(pairs & linkable) / max(len(linkable), 1):.4f} | | |"
        )
    return lines


def main() -> None:
    """Measures every list and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--generated", type=int, default=0, help="also a generated list of so many rows")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "matching_quality.md")
    chosen = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lists = [("Fodors-Zagat", fodors_zagat), ("Senzing truth set", senzing), ("Riyadh, labelled", riyadh)]
        for name, make in lists:
            file = folder / f"{make.__name__}.csv"
            lines += measure(name, file, make(chosen.data, file), folder)
            print("\n".join(lines[-3:]), flush=True)
        if chosen.generated:
            file = folder / "generated.csv"
            labels = generated(chosen.generated, file)
            lines += measure(f"generated {chosen.generated:,}", file, labels, folder)
            print("\n".join(lines[-3:]), flush=True)
    table = [
        f"# Matching quality, {date.today()}",
        "",
        "| list | system | precision | recall | F1 | recall of linkable | recall with review band | "
        "rows / true pairs / pairs in the band |",
        "|---|---|---|---|---|---|---|---|",
        *lines,
        "",
        "Made by `python -m benchmarks.matching_quality`. Splink 5 is trained on the same normalised rows of "
        "each list (unsupervised; exact phone, mailbox, domain, place and city, Jaro-Winkler names) and "
        "clustered at the cut. Rejected rows count as missed.",
        "Senzing: most of its records are persons, told by birth dates, passports and addresses, which leads "
        "do not have; what merges wrongly are relatives with nearly one name at one mailbox.",
        "Riyadh: businesses of OpenStreetMap, (c) OpenStreetMap contributors, ODbL 1.0; see "
        "`benchmarks/matching_riyadh.py` for how they are repeated and what must not merge.",
    ]
    chosen.out.parent.mkdir(exist_ok=True)
    chosen.out.write_text("\n".join(table) + "\n", encoding="utf-8")


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _write(file: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, *rows])


if __name__ == "__main__":
    main()
