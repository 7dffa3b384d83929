"""dealix publish: whole copies, swapped in at once, with a live gate and without what readers must not have."""

import signal
import subprocess
import sys

import duckdb
from desk import ALL, CUSTOMER, Desk
from lake import Lake

READY = "select account_id, contact_id, verdict, reasons from outreach.outreach_candidates order by all"


def rows(path, query: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_copy_says_the_same_without_what_was_landed(queued: Desk):
    queued.approved("Beta Hospital")
    with duckdb.connect(str(queued.lake.path)) as connection:
        connection.execute(
            """
            insert into raw.enrichment_results (result_id, provider, endpoint, subject, status, payload, actor, fetched_at)
            values ('r', 'website', 'page', 'beta-desk.sa', 'ok', '{"text": "SecretPayload"}', 'x', '2026-11-01')
            """
        )
        connection.execute("update raw.raw_lead_imports set notes = 'SecretNote'")
    answer = queued.answer("publish", "--by", "Analyst")
    copy = queued.lake.folder / "published" / queued.lake.path.name
    assert answer["path"] == str(copy)
    assert rows(copy, READY) == queued.lake.sql(READY)
    for view in ("outreach_ready", "outreach_exportable", "outreach_queue", "outreach_preparable"):
        # The queue also says whether it is a good hour to call, which may change between two reads.
        columns = "* exclude (is_due_now)" if view in ("outreach_exportable", "outreach_queue") else "*"
        query = f"select {columns} from outreach.{view} order by all"
        assert rows(copy, query) == queued.lake.sql(query) != [], view
    reports = rows(copy, "select table_name from duckdb_tables() where schema_name = 'reporting'")
    for (report,) in reports:
        query = f"select * from reporting.{report} order by all"
        assert rows(copy, query) == queued.lake.sql(query), report
    assert len(reports) > 4
    path, reason, by, *_ = rows(copy, "select * from reporting.publications")[0]
    assert (path, reason, by) == (str(copy), "asked for", "Analyst")
    content = copy.read_bytes()
    # A provider's words, a note: only in the warehouse.
    assert b"SecretPayload" in queued.lake.path.read_bytes()
    assert b"SecretPayload" not in content and b"SecretNote" not in content
    assert rows(copy, "select count(*) from raw.raw_lead_rows") == [(0,)]
    assert rows(copy, "select count(*) from normalised.lead_rows")[0][0] > 0
    assert copy.stat().st_mode == queued.lake.path.stat().st_mode


def test_the_gate_of_a_copy_is_of_its_moment_and_a_reader_blocks_nobody(queued: Desk, tmp_path):
    copy = tmp_path / "bi" / queued.lake.path.name
    queued.answer("publish", "--to", tmp_path / "bi")
    ready = "select count(*) from outreach.outreach_ready where email = 'sales@beta-desk.sa'"
    reader = subprocess.Popen(
        [sys.executable, "-c", f"import duckdb; c = duckdb.connect({str(copy)!r}, read_only=True);"
         f"print(c.execute({ready!r}).fetchone(), flush=True); input(); print(c.execute({ready!r}).fetchone())"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert reader.stdout.readline() == "(1,)\n"
    queued.answer("suppress", "--email", "sales@beta-desk.sa", "--reason", "asked")
    assert rows(queued.lake.path, ready) == [(0,)]
    queued.answer("publish", "--to", copy)
    assert rows(copy, ready) == [(0,)]
    assert reader.communicate("\n")[0] == "(1,)\n", "who has the old copy open keeps it"
    assert len(rows(copy, "select * from raw.publications")) == 2
    assert len(rows(copy, "select * from reporting.publications")) == 1


def test_a_copy_is_for_reading_only(queued: Desk, tmp_path, monkeypatch):
    monkeypatch.setenv("DEALIX_SECRET_KEY", queued.lake.path.with_suffix(".key").read_text().strip())
    queued.approved("Beta Hospital")
    queued.answer("publish", "--to", tmp_path / "bi")
    queued.answer("suppress", "--email", "sales@beta-desk.sa", "--reason", "asked")
    copy = tmp_path / "bi" / queued.lake.path.name
    content = copy.read_bytes()
    # Its gate has not heard of the opt-out, and the next copy would forget what is recorded in this one.
    for arguments in (
        ("export", "--out", tmp_path / "out.csv"),
        ("suppress", "--phone", "0112345603", "--reason", "asked"),
        ("prepare", "--persist"),
        ("run",),
    ):
        refused = queued.answer(*arguments, "--warehouse", copy, status=3)
        assert "is a published copy" in refused["error"] and "--warehouse" in refused["error"]
    assert copy.read_bytes() == content and not (tmp_path / "out.csv").exists()


KILLED_AT = {
    "half a copy": "module._fill = lambda c, catalog: kill(c.execute('create table published.main.half (x int)'))",
    "before the swap": "module.Path.replace = lambda *arguments: kill()",
    "after the swap": "module._sync_folder = lambda folder: kill()",
}


def test_a_kill_leaves_the_old_copy_or_the_new_one(queued: Desk, tmp_path):
    folder = tmp_path / "bi"
    copy = folder / queued.lake.path.name
    queued.answer("publish", "--to", folder)
    latest = "select max(published_at) from raw.publications"
    for moment, patch in KILLED_AT.items():
        before = rows(copy, latest)
        script = f"""
import os, signal, sys
from python_jobs import publish_copy
from python_jobs.warehouse import published_copy as module
def kill(*arguments): os.kill(os.getpid(), signal.SIGKILL)
{patch}
publish_copy.main(["--to", sys.argv[1]])
"""
        killed = subprocess.run(
            [sys.executable, "-c", script, str(folder)], env=queued.lake.environment, check=False
        )
        assert killed.returncode == -signal.SIGKILL, moment
        assert (rows(copy, latest) > before) is (moment == "after the swap"), moment
        assert rows(copy, READY) == queued.lake.sql(READY), moment
        assert len(list(folder.iterdir())) == 2, moment
    queued.answer("publish", "--to", folder)
    assert list(folder.iterdir()) == [copy], "what a killed one left is gone"
    assert rows(copy, latest) > before


def test_what_cannot_be_published_leaves_the_old_copy(queued: Desk, tmp_path):
    folder = tmp_path / "bi"
    queued.answer("publish", "--to", folder)
    copy = folder / queued.lake.path.name
    content = copy.read_bytes()
    assert "has to be called" in queued.answer("publish", "--to", folder / "other.duckdb", status=2)["error"]
    assert "itself" in queued.answer("publish", "--to", queued.lake.path, status=2)["error"]
    with duckdb.connect(str(queued.lake.path)) as connection:
        connection.execute("update raw.raw_lead_imports set imported_at = timestamp '2999-01-01'")
    assert "Since the last build" in queued.answer("publish", "--to", folder, status=1)["error"]
    assert copy.read_bytes() == content
    assert Lake(folder).value("select count(*) from outreach.outreach_queue") > 0
    assert queued.answer("prepare", *ALL, "--customer", CUSTOMER)
