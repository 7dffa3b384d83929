"""dbt's parse of the project is kept, and never used for other code, another name or a broken file."""

import shutil
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

from python_jobs.warehouse import parsed_project as module
from python_jobs.warehouse.connection import PROJECT_ROOT
from python_jobs.warehouse.parsed_project import parsed_project


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project of its own: a model, and how often dbt had to parse it."""
    monkeypatch.setenv("DEALIX_WAREHOUSE", str(tmp_path / "dealix.duckdb"))
    monkeypatch.setattr(module, "PROJECT_ROOT", tmp_path)
    monkeypatch.setattr(module, "KEPT_IN", tmp_path / "target" / "parsed")
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT_ROOT / name, tmp_path)
    settings = (tmp_path / "dbt_project.yml").read_text(encoding="utf-8")
    (tmp_path / "dbt_project.yml").write_text(settings.partition("on-run-start:")[0], encoding="utf-8")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "one.sql").write_text("select {{ 1 if var('is_trial') else 2 }} as one")
    return Project(tmp_path)


class Project:
    def __init__(self, folder: Path):
        self.folder = folder
        self.parsed = 0

    def nodes(self, name: str = "dealix.duckdb", *variables: str) -> list[str]:
        def parse():
            self.parsed += 1
            return dbtRunner().invoke(
                [
                    *("--quiet", "--log-level", "none", "--log-level-file", "none", "--no-partial-parse"),
                    *("parse", *variables, "--project-dir", str(self.folder)),
                    *("--profiles-dir", str(self.folder), "--target-path", str(self.folder / "target")),
                ]
            )

        manifest = parsed_project(self.folder / "elsewhere" / name, variables, parse)
        return None if manifest is None else sorted(manifest.nodes)


def test_it_is_parsed_once(project):
    first = project.nodes()
    assert first == project.nodes() == ["model.dealix.one"]
    assert project.parsed == 1
    # The database's name and the vars are part of what was parsed.
    project.nodes("other.duckdb")
    project.nodes("dealix.duckdb", "--vars", "{is_trial: true}")
    assert project.parsed == 3


def test_other_code_is_parsed_again(project):
    project.nodes()
    (project.folder / "models" / "two.sql").write_text("select 2 as two")
    assert project.nodes() == ["model.dealix.one", "model.dealix.two"]
    (project.folder / "models" / "two.sql").rename(project.folder / "models" / "three.sql")
    assert project.nodes() == ["model.dealix.one", "model.dealix.three"]


def test_a_broken_file_does_no_harm(project):
    project.nodes()
    (kept,) = module.KEPT_IN.iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    assert project.nodes() == ["model.dealix.one"]
    assert project.parsed == 2
    assert project.nodes() == ["model.dealix.one"]
    assert project.parsed == 2


def test_broken_code_is_nothing_to_keep(project):
    (project.folder / "models" / "two.sql").write_text("select {{ ref('nowhere') }}")
    assert project.nodes() is None
    assert not module.KEPT_IN.exists()


def test_only_the_latest_are_kept(project, monkeypatch):
    monkeypatch.setattr(module, "KEPT_FILES", 1)
    project.nodes()
    project.nodes("other.duckdb")
    assert len(list(module.KEPT_IN.iterdir())) == 1
    project.nodes("other.duckdb")
    assert project.parsed == 2


def test_where_nothing_can_be_kept_it_is_parsed(project):
    module.KEPT_IN.parent.mkdir()
    module.KEPT_IN.write_text("a file where the folder would be")
    assert project.nodes() == project.nodes() == ["model.dealix.one"]
    assert project.parsed == 2
