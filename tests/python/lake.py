"""A real warehouse for tests, driven as a user drives it: by the dealix command, in processes of its own."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Lake:
    """A warehouse file in a folder of its own (file, key, dbt's artefacts)."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "dealix.duckdb"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DEALIX_WAREHOUSE": str(self.path),
            "DEALIX_OPERATOR": "Test Operator",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *arguments: str, module: str = "python_jobs") -> subprocess.CompletedProcess:
        """The command's status, stdout and stderr."""
        return subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def dealix(self, *arguments: str, status: int = 0) -> dict[str, Any]:
        """The JSON answer of a dealix command that must end with `status`."""
        done = self.run(*arguments, "--json")
        assert done.returncode == status, (
            f"dealix {arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return json.loads(done.stdout)

    def sql(self, query: str, parameters: list | None = None) -> list[tuple]:
        """Rows of a query on the warehouse, read only."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(query, parameters or []).fetchall()

    def value(self, query: str, parameters: list | None = None) -> Any:
        """The one value of a query."""
        return self.sql(query, parameters)[0][0]

    def copy_to(self, folder: Path) -> "Lake":
        """The same warehouse in another folder, so that a test may change it."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Lake(folder)

    def import_list(self, file: Path, source_name: str, *more: str, status: int = 0) -> dict[str, Any]:
        """Import a list as owned, low risk, for outreach to customers, unless `more` says otherwise."""
        metadata = {
            "--source-type": "owned",
            "--allowed-use": "customer_relationship",
            "--consent-status": "owned",
            "--risk-level": "low",
        }
        given = dict(zip(more[::2], more[1::2], strict=True))
        options = [part for pair in {**metadata, **given}.items() for part in pair if pair[1]]
        return self.dealix("import", str(file), "--source-name", source_name, *options, status=status)


def write_csv(path: Path, *lines: str) -> Path:
    """A UTF-8 CSV file of these lines."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
