"""dealix run: a build that was killed or failed stops the exports, and the next one needs no repair."""

import os
import signal
import subprocess
import sys

import duckdb
import pytest
import yaml
from desk import Desk
from lake import ROOT, Lake

import python_jobs.warehouse.dbt_runner as runner_module
from python_jobs.run_pipeline import STEPS
from python_jobs.warehouse.build_memory import build_memory


def start_run(lake: Lake) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "python_jobs", "run"],
        env=lake.environment,
        cwd=lake.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def last_run(lake: Lake) -> tuple:
    return lake.sql(
        "select status, is_complete from raw.build_runs"
        " order by started_at desc, finished_at desc nulls last limit 1"
    )[0]


def doctor_on_the_build(desk: Desk, status: int) -> str:
    return next(
        check["finding"]
        for check in desk.answer("doctor", status=status)["checks"]
        if check["name"] == "last build"
    )


def test_killed_then_repeated_then_failed(queued_where_built, tmp_path):
    queued = queued_where_built
    queued.approved("Beta Hospital")
    killed = start_run(queued.lake)
    for line in killed.stderr:
        if " of " in line:  # some models are built
            break
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert last_run(queued.lake) == ("running", False), "the start was recorded before the first model"
    assert "stopped before its end" in doctor_on_the_build(queued, status=1)
    refused = queued.answer("export", "--out", tmp_path / "a.csv", status=1)
    assert "dealix run" in refused["error"]

    built = queued.lake.dealix("run")
    assert built["nodes_run"] > 50
    assert (built["mode"], built["mode_reason"]) == (
        "full",
        "the last build was not complete and successful",
    )
    assert last_run(queued.lake) == ("success", True)
    assert queued.answer("doctor")["healthy"] is True

    with duckdb.connect(str(queued.lake.path)) as connection:
        connection.execute("update raw.raw_lead_imports set rows_landed = 9 where source_name = 'own list'")
    failed = queued.lake.dealix("run", "--step", "dedupe", status=3)
    assert failed["status"] == "failed"
    (told,) = failed["failures"]
    assert (told["kind"], told["node"]) == ("test", "every_landed_row_is_accounted_for")
    assert told["message"].startswith("1 row breaks it: a landed record is missing, stands there twice")
    doctor_on_the_build(queued, status=1)
    queued.answer("export", "--out", tmp_path / "a.csv", status=1)


def test_a_build_gets_the_memory_that_its_rows_need(desk, monkeypatch):
    monkeypatch.delenv("DEALIX_MEMORY_LIMIT", raising=False)
    monkeypatch.setattr(runner_module, "build_memory", lambda rows: "6MB" if rows else "3GB")
    failed = desk.answer("run", status=3)
    assert "Out of Memory" in failed["error"]


def test_the_memory_of_a_build_grows_with_its_rows_and_stays_in_the_machine(monkeypatch):
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 4_000_000}.get)
    assert [build_memory(rows) for rows in (0, 1_000_000, 4_000_000, 50_000_000)] == [
        "3GB",
        "3GB",
        "7GB",
        "11GB",
    ]
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 500_000}.get)
    assert build_memory(50_000_000) == "3GB"


def test_what_cannot_be_run_is_said(desk, monkeypatch):
    for key in ("DEALIX_CONTACT", "GOOGLE_MAPS_API_KEY", "GOOGLE_SEARCH_API_KEY"):
        monkeypatch.delenv(key, raising=False)
    skipped = desk.run("run", "--step", "enrich")
    assert skipped.exit_code == 0 and skipped.stderr.count("DEALIX_CONTACT") == 1
    assert desk.answer("enrich", "--level", "deep")["answers"] == 0
    assert "no import imp_unknown" in desk.answer("run", "--import", "imp_unknown", status=2)["error"]
    assert desk.run("run", "--step", "everything").exit_code == 2


def test_a_step_before_its_time_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("DEALIX_WAREHOUSE", str(tmp_path / "dealix.duckdb"))
    for step, first in (("dedupe", "normalize"), ("score", "dedupe")):
        assert f"--step {first}" in Desk(Lake(tmp_path)).answer("run", "--step", step, status=1)["error"]


@pytest.mark.parametrize("step", STEPS.values())
def test_every_step_has_a_selector(step):
    selectors = yaml.safe_load((ROOT / "selectors.yml").read_text(encoding="utf-8"))["selectors"]
    assert step in {selector["name"] for selector in selectors}


def test_the_steps_together_cover_every_model_folder():
    text = (ROOT / "selectors.yml").read_text(encoding="utf-8")
    for folder in (ROOT / "models").iterdir():
        assert f"path:models/{folder.name}" in text
