"""Two commands at once, an open reader, a killed writer: with real processes."""

import contextlib
import os
import subprocess
import sys
import time

import pytest
from lake import ROOT, Lake

from python_jobs.warehouse.connection import open_writer
from python_jobs.warehouse.scratch import scratch_folder, temporary_folder

HOLD = """
import sys
from pathlib import Path
from python_jobs.warehouse.connection import open_reader, open_writer
with {opener}:
    print("open", flush=True)
    sys.stdin.read()
"""
WRITER = 'open_writer(Path(sys.argv[1]), "a long import")'
READER = "open_reader(Path(sys.argv[1]))"
CUSTOMER = ("customer", "Acme", "--onboarded-on", "2026-01-01")


@pytest.fixture
def lake(tmp_path) -> Lake:
    lake = Lake(tmp_path)
    lake.dealix(*CUSTOMER)
    return lake


@contextlib.contextmanager
def held_open(lake: Lake, opener: str):
    """Another process that has the warehouse open until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(opener=opener), str(lake.path)],
        env=lake.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "open\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def start(lake: Lake, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "python_jobs", *CUSTOMER, "--json"],
        env={**lake.environment, **environment},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def customers(lake: Lake) -> int:
    return lake.value("select count(*) from raw.customers")


@pytest.mark.parametrize("opener", [WRITER, READER])
def test_a_command_waits_until_the_other_is_done(lake, opener):
    with held_open(lake, opener) as other:
        waiting = start(lake)
        message = waiting.stderr.readline()
        assert "Waiting for the warehouse" in message
        assert str(other.pid) in message, "a person can see for whom"
        if opener == WRITER:
            assert "a long import" in message
        time.sleep(0.3)
        assert waiting.poll() is None
        other.stdin.close()
        out, _ = waiting.communicate(timeout=30)
    assert waiting.returncode == 0, out
    assert customers(lake) == 2


@pytest.mark.parametrize("opener", [WRITER, READER])
def test_a_busy_warehouse_is_status_3_with_the_holder(lake, opener):
    with held_open(lake, opener) as other:
        refused = start(lake, DEALIX_LOCK_TIMEOUT="1")
        out, message = refused.communicate(timeout=30)
    assert refused.returncode == 3
    assert "is busy" in message
    assert str(other.pid) in message
    assert '"exit_status": 3' in out
    assert customers(lake) == 1


def test_a_killed_writer_leaves_a_usable_warehouse(lake):
    with held_open(lake, WRITER) as other:
        other.kill()
        other.wait()
        assert lake.path.with_name("dealix.duckdb.lock").exists()
        lake.dealix(*CUSTOMER)
    assert customers(lake) == 2


def test_what_killed_commands_left_is_gone_when_the_next_one_writes(lake, monkeypatch):
    spilled = lake.folder / "dealix.duckdb.tmp"
    copy = lake.folder / ".dealix.duckdb.killed"
    scratch = lake.folder / ".dbt" / "policy"
    busy = lake.folder / ".dbt" / "audit"
    for folder in (spilled, copy, scratch, busy):
        folder.mkdir(parents=True)
    for left in (
        spilled / "duckdb_temp_storage_DEFAULT-0.tmp",
        copy / "dealix.duckdb",
        scratch / "dealix.duckdb",
        busy / "dealix.duckdb",
    ):
        left.write_text("personal data")
    with scratch_folder(lake.path, "audit", print):
        (busy / "dealix.duckdb").write_text("of an audit that runs")
        with open_writer(lake.path, "test"):
            pass
        assert sorted(path.name for path in lake.folder.rglob("*") if path.is_file()) == [
            "dealix.duckdb",
            "dealix.duckdb",
            "dealix.duckdb.lock",
        ]
        assert not spilled.exists() and (busy / "dealix.duckdb").exists()
    assert list(busy.iterdir()) == []
    # The same among the system's temporary folders, where lists are unpacked.
    monkeypatch.setattr("tempfile.tempdir", str(lake.folder))
    with temporary_folder() as first:
        os.utime(first, (0, 0))
        killed, somebodys = lake.folder / "dealix_scratch_killed", lake.folder / "dealix_backup"
        for folder in (killed, somebodys):
            folder.mkdir()
            os.utime(folder, (0, 0))
        with temporary_folder() as second:
            assert not killed.exists()
            assert first.exists() and second.exists() and somebodys.exists()


def test_three_commands_at_once_all_get_their_turn(lake):
    started = [start(lake) for _ in range(3)]
    for process in started:
        _, message = process.communicate(timeout=60)
        assert process.returncode == 0, message
    assert customers(lake) == 4


def test_a_waiting_time_that_is_no_number_is_said(lake):
    refused = start(lake, DEALIX_LOCK_TIMEOUT="a minute")
    _, message = refused.communicate(timeout=30)
    assert refused.returncode == 3
    assert "DEALIX_LOCK_TIMEOUT must be a number" in message
