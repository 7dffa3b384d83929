"""The boundaries: who reads raw tables, where engine differences live, what a layer may see."""

import re
from pathlib import Path

import duckdb
import pytest
import yaml

from python_jobs.warehouse.raw_tables import create_raw_tables

ROOT = Path(__file__).resolve().parents[3]
MODELS = sorted((ROOT / "models").rglob("*.sql"))
LAYERS = ["staging", "normalised", "identity", "graph", "scoring", "compliance", "outreach", "reporting"]

# What exists, or means the same, on one engine only: macros/engine/ wraps it.
ENGINE_ONLY = re.compile(
    r"\b(json_extract\w*|from_json|get_json_object|unnest|explode|regexp_matches|regexp_replace|string_agg|listagg"
    r"|try_strptime|string_split|list_filter|list_transform|list_aggregate|epoch_us|now|current_timestamp|sha256"
    r"|try_cast|levenshtein|jaro_winkler\w*|qualify|hash)\s*\(|->>|\bqualify\b|\bexclude\s*\(|//",
    re.IGNORECASE,
)


def sql_code(path: Path) -> str:
    """The SQL of a model without comments, Jinja and string literals."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"--[^\n]*", " ", text)
    return re.sub(r"'(?:[^']|'')*'", "''", text)


def layer(path: Path) -> str:
    return path.relative_to(ROOT / "models").parts[0]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODELS, ids=relative)
def test_model_states_its_grain_on_line_one(path):
    assert path.read_text(encoding="utf-8").startswith("-- One row "), (
        "line 1 is the grain: -- One row per ..."
    )


@pytest.mark.parametrize("path", MODELS, ids=relative)
def test_only_staging_reads_sources(path):
    reads_source = re.search(r"\bsource\s*\(", path.read_text(encoding="utf-8")) is not None
    assert not reads_source or layer(path) == "staging"


@pytest.mark.parametrize("path", MODELS, ids=relative)
def test_engine_differences_are_in_macros(path):
    assert ENGINE_ONLY.findall(sql_code(path)) == []


def test_a_model_refers_only_to_its_own_layer_and_those_before():
    layer_of = {path.stem: layer(path) for path in MODELS}
    backwards = []
    for path in MODELS:
        for name in re.findall(r"\bref\(\s*['\"](\w+)['\"]\s*\)", path.read_text(encoding="utf-8")):
            if name not in layer_of:
                continue  # a seed
            here, there = LAYERS.index(layer(path)), LAYERS.index(layer_of[name])
            # normalised.lead_rows carries the account of each row, so it is finished after identity.
            if there > here and not (path.stem == "lead_rows" and layer_of[name] == "identity"):
                backwards.append(f"{path.stem} -> {name}")
    assert backwards == []


def test_raw_tables_are_documented_column_by_column():
    connection = duckdb.connect()
    create_raw_tables(connection)
    in_warehouse = {}
    for table, column in connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'raw'"
    ).fetchall():
        in_warehouse.setdefault(table, set()).add(column)
    documented = {}
    for path in (ROOT / "models" / "staging").glob("*.yml"):
        for source in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("sources") or []:
            for table in source["tables"]:
                documented[table["name"]] = {
                    column["name"] for column in table.get("columns", []) if column.get("description")
                }
    assert documented == in_warehouse


def test_no_python_models():
    assert list((ROOT / "models").rglob("*.py")) == []
