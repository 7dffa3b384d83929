"""Every command can be found and explains itself, also by its module's name as the playbook writes it."""

import json
import runpy

import click
import pytest
from click.testing import CliRunner

from python_jobs.cli import COMMANDS, main


@pytest.fixture
def runner(tmp_path, monkeypatch):
    # A command sets this variable for dbt; set here first, it is put back after the test.
    monkeypatch.setenv("DEALIX_WAREHOUSE", str(tmp_path / "dealix.duckdb"))
    return CliRunner()


def test_the_overview_names_every_command(runner):
    shown = runner.invoke(main, ["--help"])
    assert shown.exit_code == 0
    for name in COMMANDS:
        assert f"  {name} " in shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_explains_itself_and_each_option(runner, name):
    shown = runner.invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    command = main.get_command(None, name)
    assert len(command.help.split()) >= 8, "a newcomer needs a sentence or two"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]} says nothing about itself"
    assert {"--warehouse", "--json"} <= {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("module", COMMANDS.values())
@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
def test_the_module_runs_by_its_own_name(monkeypatch, capsys, module):
    monkeypatch.setattr("sys.argv", [module, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(f"python_jobs.{module}", run_name="__main__")
    assert ended.value.code == 0
    assert "Usage:" in capsys.readouterr().out


READERS = [
    ("queue",),
    ("report",),
    ("prepare",),
    ("why", "someone@acme.sa"),
]


@pytest.mark.parametrize("arguments", READERS, ids=lambda arguments: arguments[0])
def test_without_a_warehouse_a_reader_says_what_to_do(runner, arguments):
    refused = runner.invoke(main, [*arguments, "--json"])
    assert refused.exit_code == 3
    document = json.loads(refused.stdout)
    assert "Import a list first" in document["error"]


@pytest.mark.parametrize(
    "arguments",
    [
        *READERS,
        ("prepare", "--persist"),
        ("approve", "que_0000000000000000"),
        ("reject", "que_0000000000000000", "--reason", "no"),
        ("export", "--out", "out.csv"),
    ],
    ids=" ".join,
)
def test_before_the_first_build_a_command_says_what_to_do(runner, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner.invoke(main, ["customer", "Acme", "--onboarded-on", "2026-01-01"])
    refused = runner.invoke(main, [*arguments, "--json"])
    assert refused.exit_code == 3
    assert "dealix run" in json.loads(refused.stdout)["error"]
    assert list(tmp_path.glob("*.csv")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("import",),
        ("import", "a.csv", "--bogus"),
        ("reject", "que_0"),
        ("export", "--out", "a.csv", "--max", "0"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_answered_in_json_too(runner, arguments):
    refused = runner.invoke(main, [*arguments, "--json"])
    assert refused.exit_code == 2
    document = json.loads(refused.stdout)
    assert document["error"] and document["exit_status"] == 2


@pytest.mark.parametrize("arguments", [("customer", "Acme", "--onboarded-on", "2026-01-01"), ("queue",)])
def test_a_data_file_is_no_warehouse(runner, tmp_path, arguments):
    # DuckDB would open it in memory, and what was recorded there would be gone.
    file = tmp_path / "leads.csv"
    file.write_text("company,phone\nAcme,0112345678\n")
    refused = runner.invoke(main, [*arguments, "--warehouse", str(file), "--json"])
    assert refused.exit_code == 3
    assert "leads.csv" in json.loads(refused.stdout)["error"]


def test_a_renamed_warehouse_says_what_to_do_and_takes_an_opt_out(desk):
    renamed = desk.lake.path.with_name("backup.duckdb")
    desk.lake.path.rename(renamed)
    desk.lake.path.with_suffix(".key").rename(renamed.with_suffix(".key"))
    where = ("--warehouse", renamed)
    for arguments in (("queue",), ("why", "sales@beta-desk.sa"), ("export", "--out", "x.csv")):
        refused = desk.answer(*arguments, *where, status=3)["error"]
        assert "dealix.duckdb" in refused and "dealix run" in refused
    # What was recorded is not called refused.
    opted_out = desk.answer("suppress", "--email", "sales@beta-desk.sa", "--reason", "asked", *where)
    assert len(opted_out["landed"]) == 1 and opted_out["reaches"] is None
