"""What a benchmark needs: each step in a process of its own, and a table of ratios that is kept."""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Measured:
    """A finished step: wall and CPU seconds, peak memory in MB, and the JSON document that it printed."""

    seconds: float
    cpu_seconds: float
    peak_mb: int
    answer: dict[str, Any]


def timed(step: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the step answers, and the time that it took: without the start of Python."""
    before = now()
    answer = step()
    seconds, cpu_seconds = (after - start for after, start in zip(now(), before, strict=True))
    return answer | {"seconds": seconds, "cpu_seconds": cpu_seconds}


def now() -> tuple[float, float]:
    """Wall clock and CPU seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return time.monotonic(), usage.ru_utime + usage.ru_stime


def measure(*arguments: str | Path, environment: dict[str, str] | None = None, good=(0,)) -> Measured:
    """Run `python -m ARGUMENTS`; its progress is shown. Raises RuntimeError when it does not end well.

    The time is what the process tells itself (timed), or else its whole life.
    """
    command = [sys.executable, "-m", *map(str, arguments)]
    started = time.monotonic()
    child = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | (environment or {}), stdout=subprocess.PIPE, text=True
    )
    with child.stdout:
        answer = child.stdout.read()
    # Not wait(): only this tells the peak memory of exactly this process.
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in good:
        raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
    document = json.loads(answer)
    return Measured(
        document.get("seconds", time.monotonic() - started),
        document.get("cpu_seconds", usage.ru_utime + usage.ru_stime),
        usage.ru_maxrss // 1024,
        document,
    )


def report(name: str, title: str, steps: Sequence[tuple[str, Measured, float | None]], *notes: str) -> str:
    """Print and keep (results/NAME.md) a table of steps; the first is the baseline of the ratios.

    A step is its label, what was measured, and the ratio to stay under (None: no target).
    """
    base = steps[0][1]
    lines = [
        f"# {title}",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}. "
        "Ratios are to the first line; on a busy machine that of CPU time is the steadier one.",
        "",
        "| step | seconds | ratio | target | CPU seconds | CPU ratio | peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for label, step, target in steps:
        lines.append(
            f"| {label} | {step.seconds:.1f} | {step.seconds / base.seconds:.2f} "
            f"| {'' if target is None else f'<= {target:g}'} "
            f"| {step.cpu_seconds:.1f} | {step.cpu_seconds / base.cpu_seconds:.2f} | {step.peak_mb:,} |"
        )
    text = "\n".join([*lines, "", *notes, ""])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    print(text)
    return text
