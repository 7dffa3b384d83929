"""Which facts built tables are made of: an incremental build has to know of each whether it may go on."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODELS = {path.stem: path for path in (ROOT / "models").rglob("*.sql")}
VIEW_FOLDERS = {"staging", "rules", "outreach", "reporting"}

# What an incremental build is for: new imports, their records, and the parses of their values.
IMPORTED = {"raw_lead_imports", "raw_lead_rows", "raw_rejected_lines", "parsed_phones", "parsed_emails", "parsed_urls"}  # fmt: skip


def text(name: str) -> str:
    return re.sub(r"--[^\n]*", "", MODELS[name].read_text(encoding="utf-8"))


def is_view(name: str) -> bool:
    materialized = re.search(r"materialized\s*=\s*'(\w+)'", text(name))
    return materialized[1] == "view" if materialized else MODELS[name].parent.name in VIEW_FOLDERS


def sources(name: str) -> set[str]:
    """The raw tables that a model reads itself or through views."""
    found = set(re.findall(r"source\('raw', '(\w+)'\)", text(name)))
    for parent in re.findall(r"ref\('(\w+)'\)", text(name)):
        if parent in MODELS and is_view(parent):
            found |= sources(parent)
    return found


def watched() -> set[str]:
    macro = (ROOT / "macros/incremental/decide_build.sql").read_text(encoding="utf-8")
    body = macro.split("macro facts_that_need_a_full_build()")[1].split("endmacro")[0]
    return set(re.findall(r"'(\w+)':", body))


def test_every_fact_of_a_built_table_is_imported_or_watched():
    tables = [name for name in MODELS if not is_view(name)]
    assert len(tables) > 40
    unknown = {name: sources(name) - IMPORTED - watched() for name in tables}
    assert {name: facts for name, facts in unknown.items() if facts} == {}


def test_the_watched_facts_exist():
    raw = (ROOT / "python_jobs/warehouse/raw_tables.sql").read_text(encoding="utf-8")
    assert watched() <= set(re.findall(r"create table if not exists raw\.(\w+)", raw))
    assert "import_events" in watched()
