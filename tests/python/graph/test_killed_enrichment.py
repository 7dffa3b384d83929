"""dealix enrich, killed at random moments: what came is kept, and nobody is asked twice about it."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from lake import ROOT, Lake

sys.path.append(str(Path(__file__).parents[1] / "enrichment"))
from google_server import as_json, query
from local_web import LocalWeb, local_web

COMMAND = ("enrich", "--level", "standard", "--max-accounts", "200", "--json")
AT_ONCE = 4


@pytest.fixture
def search():
    async def nothing_found(asked, writer):
        writer.write(as_json({"searchInformation": {"totalResults": "0"}}))

    with local_web({("*", "/customsearch/v1"): nothing_found}, latency=0.1) as web:
        yield web


def start(lake: Lake, web: LocalWeb) -> subprocess.Popen:
    keys = {"GOOGLE_SEARCH_API_KEY": "k", "GOOGLE_SEARCH_ENGINE_ID": "e"}
    keys["GOOGLE_SEARCH_BASE_URL"] = f"http://127.0.0.1:{web.port}"
    return subprocess.Popen(
        [sys.executable, "-m", "python_jobs", *COMMAND],
        env=lake.environment | keys,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Who runs the tests in the background may have it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def asked(web: LocalWeb) -> Counter:
    return Counter(query(request)["q"] for request in web.log)


def wait_for_requests(web: LocalWeb, number: int) -> None:
    deadline = time.monotonic() + 60
    while len(web.log) < number and time.monotonic() < deadline:
        time.sleep(0.005)
    assert len(web.log) >= number


def landed(lake: Lake) -> set[str]:
    subjects = [row[0] for row in lake.sql("select subject from raw.enrichment_results")]
    assert len(subjects) == len(set(subjects))
    return set(subjects)


def test_a_killed_run_is_resumed_without_asking_twice(graph, search):
    questions = graph.sql(
        "select subject, argument from outreach.enrichment_candidates where provider = 'google_search'"
    )
    assert len(questions) > 25
    moments = random.Random()
    for _ in range(4):
        before, known = len(search.log), landed(graph)
        run = start(graph, search)
        wait_for_requests(search, before + moments.randint(2, 6))
        time.sleep(moments.uniform(0, 0.1))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        new = len(search.log) - before
        # Only what was under way is lost.
        assert new - 2 * AT_ONCE <= len(landed(graph) - known) <= new
    known, before = landed(graph), asked(search)
    run = start(graph, search)
    wait_for_requests(search, sum(before.values()) + 3)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate()
    assert run.returncode != 0 and "Every answer that came is kept" in told and "Traceback" not in told
    run = start(graph, search)
    run.communicate()
    assert run.returncode == 0
    assert landed(graph) == {subject for subject, _ in questions}
    left = Counter(argument for subject, argument in questions if subject not in known)
    again = asked(search) - before
    interrupted = sum((again - left).values())
    assert set(again) <= set(left) and interrupted <= AT_ONCE
    seen = len(search.log)
    start(graph, search).communicate()
    assert len(search.log) == seen
