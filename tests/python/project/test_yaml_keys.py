"""dbt accepts a misspelt YAML key in silence, and the test never runs: so the project checks them."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
YAML_FILES = sorted(
    path for folder in ("models", "seeds", "macros", "tests") for path in (ROOT / folder).rglob("*.yml")
)

# Keys the project uses, by place. A new one is added here on purpose, after a look at dbt's reference.
TOP = {"version", "models", "seeds", "sources", "unit_tests", "macros", "data_tests", "selectors"}
NODE = {"name", "description", "config", "columns", "data_tests", "constraints", "docs", "meta"}
COLUMN = {"name", "description", "data_type", "data_tests", "constraints", "config"}
CONFIG = {
    "contract",
    "materialized",
    "schema",
    "column_types",
    "tags",
    "severity",
    "enabled",
    "where",
    "delimiter",
    "alias",
}
CONSTRAINT = {"type", "columns", "expression", "name"}
TEST = {"arguments", "config", "name", "description"}
UNIT_TEST = {"name", "description", "model", "given", "expect", "overrides", "config"}
GIVEN = {"input", "rows", "format", "fixture"}
EXPECT = {"rows", "format", "fixture"}
SOURCE = {"name", "description", "schema", "tables", "config", "meta", "database"}
MACRO = {"name", "description", "arguments", "config"}
ARGUMENT = {"name", "type", "description"}


def unknown_keys(document: dict) -> list[str]:
    """The keys of a dbt property file that dbt would ignore, each with the place where it stands."""
    problems: list[str] = []

    def check(mapping, allowed, place):
        if not isinstance(mapping, dict):
            problems.append(f"{place}: expected keys, found {mapping!r}")
            return
        problems.extend(f"{place}: {key}" for key in mapping if key not in allowed)

    def check_tests(tests, place):
        for test in tests or []:
            if isinstance(test, str):
                continue
            if len(test) != 1:
                problems.append(f"{place}: a test with keys {sorted(test)}")
            for name, body in test.items():
                check(body or {}, TEST, f"{place}.{name}")

    def check_node(node, allowed, place):
        check(node, allowed, place)
        check(node.get("config") or {}, CONFIG, f"{place}.config")
        check_tests(node.get("data_tests"), place)
        for constraint in node.get("constraints") or []:
            check(constraint, CONSTRAINT, f"{place}.constraints")
        for column in node.get("columns") or []:
            check_node(column, COLUMN, f"{place}.{column.get('name')}")

    check(document, TOP, "file")
    for kind in ("models", "seeds"):
        for node in document.get(kind) or []:
            check_node(node, NODE, node.get("name"))
    for source in document.get("sources") or []:
        check(source, SOURCE, source.get("name"))
        for table in source.get("tables") or []:
            check_node(table, NODE, table.get("name"))
    for test in document.get("data_tests") or []:
        check(test, {"name", "description", "config"}, test.get("name"))
    for macro in document.get("macros") or []:
        check(macro, MACRO, macro.get("name"))
        for argument in macro.get("arguments") or []:
            check(argument, ARGUMENT, f"{macro.get('name')}.arguments")
    for unit_test in document.get("unit_tests") or []:
        place = unit_test.get("name")
        check(unit_test, UNIT_TEST, place)
        for given in unit_test.get("given") or []:
            check(given, GIVEN, f"{place}.given")
        check(unit_test.get("expect") or {}, EXPECT, f"{place}.expect")
    return problems


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_yaml_key_is_known(path):
    assert unknown_keys(yaml.safe_load(path.read_text(encoding="utf-8")) or {}) == []


@pytest.mark.parametrize(
    "text",
    [
        "models: [{name: a, colums: []}]",
        "models: [{name: a, columns: [{name: b, datatests: [not_null]}]}]",
        "models: [{name: a, config: {contracts: {enforced: true}}}]",
        "models: [{name: a, columns: [{name: b, data_tests: [{accepted_values: {values: [x]}}]}]}]",
        "unit_tests: [{name: a, modle: b}]",
        "sources: [{name: raw, tables: [{name: t, colums: []}]}]",
    ],
)
def test_a_misspelt_key_is_found(text):
    assert unknown_keys(yaml.safe_load(text))
