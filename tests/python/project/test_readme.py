"""The README names every command, and names none that does not exist, with no option that does not exist."""

import re
from pathlib import Path

import pytest

from python_jobs.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CALLS = [
    (name, re.findall(r"--[a-z][a-z-]+", rest))
    for name, rest in re.findall(r"\bdealix ([a-z]+(?:-[a-z]+)*)\b((?:[^\n`|]*\\\n)*[^\n`|]*)", README)
]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_the_command(name):
    assert name in {called for called, _ in CALLS}


@pytest.mark.parametrize(("name", "options"), CALLS)
def test_the_readme_calls_only_what_exists(name, options):
    command = main.get_command(None, name)
    assert command is not None, f"the README calls `dealix {name}`"
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert set(options) <= known


def test_every_make_target_of_the_readme_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert (
        {"demo", "test", "setup", "help"}
        <= set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
        <= targets
    )


def test_every_folder_of_the_readme_exists():
    missing = [
        path for path in re.findall(r"`((?:models|macros|seeds|tests|python_jobs|examples)/[\w/.]*)`", README)
        if not (ROOT / path).exists()
    ]  # fmt: skip
    assert missing == []
