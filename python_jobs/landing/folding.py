"""Folds column headers and source names: case, marks and Arabic letter forms do not matter.

The Arabic table is the one that the SQL macros use: `vars` of dbt_project.yml.
"""

import unicodedata
from functools import cache

import yaml

from python_jobs.warehouse.connection import PROJECT_ROOT


@cache
def project_settings() -> dict[str, str]:
    """The `vars` of dbt_project.yml, which SQL reads too."""
    return yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


@cache
def _arabic_table() -> dict[int, str | None]:
    settings = project_settings()
    table = str.maketrans(settings["arabic_fold_from"], settings["arabic_fold_to"])
    return table | dict.fromkeys(map(ord, settings["arabic_fold_delete"]))


def fold_letters() -> tuple[str, str]:
    """The arguments of SQL's translate() that fold a lower-case text as the macro `fold` does."""
    settings = project_settings()
    return (
        settings["arabic_fold_from"] + settings["latin_fold_from"] + settings["arabic_fold_delete"],
        settings["arabic_fold_to"] + settings["latin_fold_to"],
    )


def fold_words(text: str) -> list[str]:
    """The folded words of a text: `Company_Name (EN)` and `COMPANY NAME en` give the same."""
    folded = unicodedata.normalize("NFKC", text).translate(_arabic_table()).casefold()
    folded = unicodedata.normalize("NFKD", folded)
    letters = (
        character if character.isalnum() else " "
        for character in folded
        if not unicodedata.combining(character) and unicodedata.category(character) != "Cf"
    )
    return "".join(letters).split()


def fold_header(text: str) -> str:
    """A header without case, spaces, punctuation, marks and Arabic letter forms."""
    return "".join(fold_words(text))
