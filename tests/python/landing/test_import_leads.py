"""`dealix import`: exit statuses, once is enough, all or nothing when killed."""

import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pytest
from lake import ROOT, Lake
from xlsx import rows, workbook

from python_jobs.command_line import Session
from python_jobs.import_leads import import_leads
from python_jobs.landing.import_metadata import check_metadata
from python_jobs.landing.keyed_hash import HashKey, key_path

SAID = ("--source-name", "a_list", "--source-type", "public",
        "--allowed-use", "public_business_contact", "--risk-level", "low")  # fmt: skip
LEADS = (
    "Company,Phone,Email,Website\n"
    "Acme,0501234567 / 0112345678 ext 12,info@acme.sa,info@shop.acme.sa\n"
    "Beta,www.beta.sa,-,https://salla.sa/beta\n"
)


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


@pytest.fixture
def leads(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(LEADS, encoding="utf-8")
    return path


def counts(lake):
    return lake.sql(
        """
        select
            (select count(*) from raw.raw_lead_imports), (select count(*) from raw.raw_lead_rows),
            (select count(*) from raw.parsed_phones), (select count(*) from raw.parsed_emails),
            (select count(*) from raw.parsed_urls)
        """
    )[0]


def test_facts_land_with_their_hashes(lake, leads):
    answer = lake.dealix("import", leads, *SAID, "--customer", "Customer One")
    assert (answer["status"], answer["rows_read"], answer["rows_landed"]) == ("landed", 2, 2)
    key = HashKey(key_path(lake.path).read_bytes().strip())
    phones = lake.sql(
        "select raw_value, position, e164, extension, phone_hash from raw.parsed_phones where is_valid"
    )
    cell = "0501234567 / 0112345678 ext 12"
    assert sorted(phones) == [
        (cell, 1, "+966501234567", None, key.phone("+966501234567")),
        (cell, 2, "+966112345678", "12", key.phone("+966112345678")),
    ]
    # Misplaced values are found: an email among the websites, a website among the phones.
    emails = lake.sql("select email, email_hash, domain_hash from raw.parsed_emails where is_valid")
    assert sorted(emails) == [
        ("info@acme.sa", key.email("info@acme.sa"), key.domain("acme.sa")),
        ("info@shop.acme.sa", key.email("info@shop.acme.sa"), key.domain("acme.sa")),
    ]
    sites = lake.sql("select host, domain_hash, host_hash, site_hash from raw.parsed_urls where is_valid")
    assert sorted(sites) == [
        ("beta.sa", key.domain("beta.sa"), key.domain("beta.sa"), None),
        ("salla.sa", key.domain("salla.sa"), key.domain("salla.sa"), key.site("salla.sa", "beta")),
    ]
    told = lake.sql(
        "select import_id, customer, file_encoding, file_delimiter, imported_by, column_mapping "
        "from raw.raw_lead_imports"
    )[0]
    assert told[:5] == (answer["import_id"], "Customer One", "utf-8", ",", "Test Operator")
    assert [entry["field"] for entry in json.loads(told[5])] == ["company_name", "phone", "email", "website"]


def test_the_same_file_from_the_same_source_lands_once(lake, leads):
    first = lake.dealix("import", leads, *SAID)
    before = counts(lake)
    again = lake.dealix("import", leads, *SAID)
    assert (again["status"], again["import_id"]) == ("already_landed", first["import_id"])
    assert counts(lake) == before
    forced = lake.dealix("import", leads, *SAID, "--again")
    other = lake.dealix("import", leads, *SAID, "--customer", "Customer One")
    assert len({first["import_id"], forced["import_id"], other["import_id"]}) == 3
    assert counts(lake) == (3, 6, *before[2:])


def test_ids_are_a_function_of_the_facts(tmp_path, leads):
    lakes = [Lake(tmp_path / name) for name in ("one", "two")]
    assert len({lake.dealix("import", leads, *SAID)["import_id"] for lake in lakes}) == 1


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("leads.csv", "--source-type", "public"), 1, ["no_provenance", "--source-name"]),
        (("leads.csv", "--source-name", "whatsapp numbers", "--source-type", "public"), 1, ["no_provenance"]),
        (("leads.csv", "--source-name", "Linked In", "--source-type", "public"), 1, ["linkedin_source"]),
        (
            ("leads.csv", "--source-name", "x_list", "--source-type", "public"),
            2,
            ["--allowed-use", "unknown"],
        ),
        (("leads.csv", *SAID, "--risk-level", "CRITICAL!!"), 2, ["low, medium, high, unknown"]),
        (("leads.csv", *SAID, "--encoding", "klingon"), 2, ["is no encoding"]),
        (("none.csv", *SAID), 2, ["There is no file"]),
        (("book.xlsx", *SAID), 2, ["Excel"]),
    ],
)
def test_what_is_refused_lands_nothing(lake, leads, arguments, status, words):
    (lake.folder / "book.xlsx").write_bytes(b"PK\x03\x04")
    done = lake.run("import", lake.folder / arguments[0], *arguments[1:], "--json")
    assert done.returncode == status
    answer = json.loads(done.stdout)
    assert all(word in f"{answer['rule_id']} {answer['error']}" for word in words)
    assert not lake.path.exists()


def test_a_mapping_file_is_obeyed(lake, leads):
    mapping = lake.folder / "mapping.json"
    mapping.write_text('{"Website": null, "email": "contact_name"}', encoding="utf-8")
    answer = lake.dealix("import", leads, *SAID, "--mapping", mapping)
    assert [entry["field"] for entry in answer["columns"]] == ["company_name", "phone", "contact_name", None]


def test_a_mapping_is_saved_for_the_source(lake, leads):
    mapping = lake.folder / "mapping.json"
    mapping.write_text('{"Website": null, "email": "contact_name"}', encoding="utf-8")
    first = lake.dealix("import", leads, *SAID, "--mapping", mapping)
    leads.write_text(LEADS + "Gamma,0551234567,,\n", encoding="utf-8")
    second = lake.dealix("import", leads, *SAID)
    assert [(entry["field"], entry["origin"]) for entry in second["columns"]] == [
        ("company_name", "alias"), ("phone", "alias"), ("contact_name", "saved"), (None, "saved")
    ]  # fmt: skip
    assert second["unmapped_columns"] == ["Website"]
    other = lake.dealix("import", leads, *SAID, "--source-name", "another")
    assert {entry["origin"] for entry in other["columns"]} == {"alias"}
    # The third import: what the second took over is not lost.
    leads.write_text(LEADS + "Delta,0551234568,,\n", encoding="utf-8")
    assert lake.dealix("import", leads, *SAID)["columns"] == second["columns"]
    # A withdrawn list's mapping may be why it was withdrawn.
    with duckdb.connect(str(lake.path)) as connection:
        connection.execute(
            "insert into raw.import_events values ('e', ?, 'withdrawn', 'wrong', 'tester', now()::timestamp)",
            [first["import_id"]],
        )
    leads.write_text(LEADS + "Epsilon,0551234569,,\n", encoding="utf-8")
    assert {entry["origin"] for entry in lake.dealix("import", leads, *SAID)["columns"]} == {"alias"}


def test_columns_to_look_at_are_listed(lake, leads):
    leads.write_text(
        "Company,Brand Name,Trade Name,Phone,رقم الهوية,Religion,Opt Out,Do not call,Colour\n"
        "Acme,,,0501234567,1000000008,x,,yes,blue\n",
        encoding="utf-8",
    )
    answer = lake.dealix("import", leads, *SAID)
    assert answer["sensitive_columns"] == ["رقم الهوية", "Religion"]
    assert answer["opt_out_columns"] == ["Opt Out", "Do not call"]
    assert answer["unmapped_columns"] == ["Colour"]
    assert set(answer["ambiguous_columns"]) < {"Company", "Brand Name", "Trade Name"}
    text = lake.run("import", leads, *SAID, "--again").stdout
    assert "رقم الهوية, Religion" in text
    assert "kept out of everything derived" in text
    assert "1000000008" not in text


def test_a_table_of_one_column_is_told(lake, tmp_path):
    path = tmp_path / "leads.csv"
    for text, is_told, how in (
        ("Firma^Phone\nAcme^0501234567\n", True, "comma-separated, 1 column"),
        (LEADS, False, "comma-separated"),
        ("Company^Phone\nAcme^0501234567\n", False, "utf-8, separated by '^', 2 columns"),
    ):
        path.write_text(text, encoding="utf-8")
        answer = lake.run("import", path, *SAID)
        assert answer.returncode == 0
        assert ("it in a first line like sep=^" in answer.stdout) == is_told
        assert how in answer.stdout


def test_a_header_does_not_steer_the_terminal(lake, tmp_path):
    path = tmp_path / "a\x1b[31m\nlist.csv"
    path.write_text("Company,Note\x1b[2J\u202ex\nAcme,1\n", encoding="utf-8")
    done = lake.run("import", path, *SAID)
    assert done.returncode == 0, done.stderr
    assert not set("\x1b\u202e") & set(done.stdout + done.stderr)
    assert "Note [2J x" in done.stdout
    missing = lake.run("import", tmp_path / "no\x1b[31m.csv", *SAID)
    assert missing.returncode == 2
    assert "\x1b" not in missing.stderr


def test_each_sheet_of_a_workbook_is_landed_once(lake):
    path = lake.folder / "leads.xlsx"
    names = ["Company", "Phone"]
    path.write_bytes(
        workbook(Riyadh=rows(names, ["Acme", 501234567.0]), Jeddah=rows(names, ["Beta", 551234567.0]))
    )
    first = lake.dealix("import", path, *SAID)
    assert (first["sheet"], first["other_sheets"], first["encoding"]) == ("Riyadh", ["Jeddah"], None)
    assert lake.dealix("import", path, *SAID, "--sheet", "Riyadh")["status"] == "already_landed"
    assert lake.dealix("import", path, *SAID, "--sheet", "jeddah")["status"] == "landed"
    assert lake.sql("select file_format, file_sheet from raw.raw_lead_imports order by imported_at") == [
        ("Excel", "Riyadh"), ("Excel", "Jeddah")
    ]  # fmt: skip
    assert "sheet 'Jeddah'" in lake.run("import", path, *SAID, "--sheet", "Jeddah", "--again").stdout


def test_a_warehouse_of_before_gets_the_new_columns(lake, leads):
    lake.dealix("import", leads, *SAID)
    with duckdb.connect(str(lake.path)) as connection:
        for column in ("rows_unchanged", "file_sheet", "file_format"):
            connection.execute(f"alter table raw.raw_lead_imports drop column {column}")
    assert lake.dealix("import", leads, *SAID)["status"] == "already_landed"


def test_rows_of_an_earlier_list_of_the_source_are_unchanged(lake, leads):
    lake.dealix("import", leads, *SAID)
    more = lake.folder / "more.csv"
    more.write_text(LEADS + "Gamma,0112345679,,\n", encoding="utf-8")
    assert lake.dealix("import", more, *SAID, "--customer", "Customer One")["rows_unchanged"] == 0
    other_source = ("--source-name", "another_list", *SAID[2:])
    assert lake.dealix("import", more, *other_source)["rows_unchanged"] == 0
    second = lake.dealix("import", more, *SAID)
    assert (second["rows_landed"], second["rows_unchanged"]) == (3, 2)
    assert "3 of them stand word for word" in lake.run("import", more, *SAID, "--again").stdout
    for import_id in lake.sql("select import_id from raw.raw_lead_imports where source_name = 'a_list'"):
        lake.dealix("withdraw", *import_id, "--reason", "wrong file", "--yes")
    assert lake.dealix("import", more, *SAID, "--again")["rows_unchanged"] == 0


# More of them: DEALIX_TEST_KILLS=200 pytest tests/python/landing/test_import_leads.py -k killed
KILLS = int(os.environ.get("DEALIX_TEST_KILLS", "12"))


def test_killed_at_any_moment_leaves_all_or_nothing(tmp_path):
    rows = 3_000
    path = tmp_path / "many.csv"
    lines = (f"Company {n},05{n:08d},info@company{n}.sa,company{n}.sa\n" for n in range(rows))
    path.write_text("Company,Phone,Email,Website\n" + "".join(lines), encoding="utf-8")
    # Forked from a process that has loaded everything: the time to be killed in is the import's own.
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["python_jobs.import_leads"])
    metadata = check_metadata("a_list", "public", "public_business_contact", risk_level="low")

    def start(lake) -> multiprocessing.Process:
        session = Session(lake.path, as_json=True)
        process = processes.Process(target=import_leads, args=(session, path, metadata, "Test Operator"))
        process.start()
        return process

    def new_lake() -> Lake:
        return Lake(Path(tempfile.mkdtemp(dir=tmp_path)))

    start(new_lake()).join()
    began = time.monotonic()
    start(new_lake()).join()
    duration = time.monotonic() - began
    chance = random.Random()
    lake, landed = new_lake(), 0
    for number in range(KILLS):
        process = start(lake)
        # Every second one towards the end, where the commit is.
        time.sleep(chance.uniform(duration * 0.8 if number % 2 else 0, duration * 1.05))
        process.kill()
        process.join()
        if lake.path.exists() and lake.sql("from duckdb_tables() where table_name = 'hash_keys'"):
            found = counts(lake)
            assert found in ((0, 0, 0, 0, 0), (1, rows, rows, rows, rows))
            if found[0]:
                lake, landed = new_lake(), landed + 1
    assert landed < KILLS, "no kill came before the end"
    process = start(lake)
    process.join()
    assert process.exitcode == 0
    assert counts(lake) == (1, rows, rows, rows, rows)


@pytest.mark.parametrize("room", [60, 2_200_000])
def test_a_full_disk_is_a_sentence_and_lands_nothing(tmp_path, lake, leads, room):
    lake.dealix("import", leads, *SAID)
    before = counts(lake)
    path = tmp_path / "many.csv"
    lines = (f"Company {n},05{n:08d},{'x' * 400}{n * 7919}\n" for n in range(5_000))
    path.write_text("Company,Phone,Notes\n" + "".join(lines), encoding="utf-8")
    # A file may not grow beyond: every write fails there, as on a full disk.
    done = subprocess.run(
        [sys.executable, "-m", "python_jobs", "import", path, *SAID],
        env=lake.environment, cwd=ROOT, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert counts(lake) == before
    lake.dealix("import", path, *SAID)
    assert counts(lake)[0] == before[0] + 1


def test_two_imports_at_once_queue_up(lake, leads):
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "python_jobs", "import", leads, *SAID, "--customer", customer],
            env=lake.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for customer in ("Customer One", "Customer Two")
    ]  # fmt: skip
    for process in started:
        _, message = process.communicate(timeout=60)
        assert process.returncode == 0, message
    assert counts(lake)[:2] == (2, 4)
