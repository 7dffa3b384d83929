"""dbt's parse of the project, kept between runs: it takes seconds and depends on the code only.

dbt keeps one itself, but for one warehouse file: for every other path it reads the whole project anew.
"""

import contextlib
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from python_jobs.warehouse.connection import PROJECT_ROOT
from python_jobs.warehouse.project_version import fingerprint_of_files

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

# Where dbt keeps its artefacts too: not in git, and `dbt clean` removes it.
KEPT_IN = PROJECT_ROOT / "target" / "parsed"
# One per name of a warehouse and kind of build, and some of the code before the last change.
KEPT_FILES = 8

FOLDERS = ("models", "macros", "seeds", "tests")
FILES = ("dbt_project.yml", "profiles.yml", "selectors.yml")
SUFFIXES = frozenset([".sql", ".yml", ".csv", ".md"])
PACKAGES = ("dbt-core", "dbt-adapters", "dbt-duckdb")


def parsed_project(
    warehouse: Path, variables: Sequence[str], parse: Callable[[], "dbtRunnerResult"]
) -> "Manifest | None":
    """The project as dbt understands it, for `dbtRunner(manifest=...)`; None when it cannot be parsed.

    `variables` are the arguments that tell dbt its vars. `parse` runs `dbt parse` with them; it is
    called when nothing is kept yet of this code.
    """
    # Every object of the project carries the database's name, which is that of the file.
    made_by = (warehouse.stem, *variables, *map(version, PACKAGES))
    kept = KEPT_IN / f"{fingerprint_of_files(PROJECT_ROOT, FOLDERS, FILES, SUFFIXES, *made_by)}.msgpack"
    manifest = _read(kept)
    if manifest is None:
        manifest = parse().result
        if manifest is not None:
            # It may be that nobody can write there: then it is parsed again the next time.
            with contextlib.suppress(OSError):
                _keep(manifest, kept)
    return manifest


def _read(kept: Path) -> "Manifest | None":
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    try:
        manifest = Manifest.from_msgpack(kept.read_bytes(), decoder=extended_mashumuro_decoder)
    except Exception:
        # There is none, or something is wrong with it: the project itself can be parsed.
        return None
    manifest.build_flat_graph()
    return manifest


def _keep(manifest: "Manifest", kept: Path) -> None:
    from dbt.parser.manifest import extended_mashumaro_encoder

    kept.parent.mkdir(parents=True, exist_ok=True)
    # Two commands may write at once, and a third read: each sees a whole file.
    with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(manifest.to_msgpack(extended_mashumaro_encoder))
            file.flush()
            unfinished.replace(kept)
        finally:
            unfinished.unlink(missing_ok=True)
    oldest_first = sorted(kept.parent.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in oldest_first[:-KEPT_FILES]:
        path.unlink(missing_ok=True)
