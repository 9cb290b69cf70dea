"""The command works; how fast it is depends on the machine and is for nobody to assert."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.bench.figures import Figure
from tests.bench.rows import ROWS

ROOT = Path(__file__).parents[2]


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_a_row_that_needs_a_broker_yields_figures(tmp_path: Path) -> None:
    """One row, for the command; `make soak` tries every row."""
    found, page = tmp_path / "figures.json", tmp_path / "performance.md"
    rows = ["live"]
    command = [sys.executable, "-m", "tests.bench", *rows, "--quick", "--json", str(found), "--markdown", str(page)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    measured = msgspec.json.decode(found.read_bytes())["rows"]
    assert [row["row"] for row in measured] == rows
    assert all(figure["value"] >= 0 for row in measured for figure in row["figures"])
    assert [row for row in rows if f"## {row}" not in page.read_text(encoding="utf-8")] == []


def test_a_row_is_run_again_by_its_name() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)
    assert [row.command for row in ROWS] == [f"make bench ARGS={name}" for name in names]


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("a", 12.0, "µs", at_most=12), "reached"),
        (Figure("a", 12.1, "µs", at_most=12), "not reached"),
        (Figure("a", 59_999, "/s", at_least=60_000), "not reached"),
        (Figure("a", 1.0, "µs", at_most=12, ratio=11.9, at_least_ratio=12), "not reached"),
        (Figure("a", 1.0, "µs", at_least_ratio=12), "not reached"),
        (Figure("a", 1.0, "µs"), ""),
        (Figure("a", 1.0, "µs", at_least_ratio=1.6, excuse="2 cores"), "not judged: 2 cores"),
    ],
)
def test_a_figure_reaches_its_target_only_when_all_of_it_holds(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict
