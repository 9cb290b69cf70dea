"""`python -m tests.bench.page FILE.json …`: the page of the documents from several runs, each with date and load."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from tests.bench.figures import number
from tests.bench.rows import ROWS

HEADINGS = ("figure", "measured", "target", "compared with", "ratio", "verdict")
HEAD = """# How fast it is

Each row stands beside what it is compared with, measured in the same run; CPU time is that of the worker process with
all its threads. `make bench` measures all rows again, `make bench ARGS=<row>` one. The rows below were measured in
several runs, each with its date and load; this page is made of their files by `python -m tests.bench.page`.
"""


def page(runs: list[dict[str, Any]]) -> str:
    """The page in Markdown; of a row that was measured more than once the last run counts."""
    found = {row["row"]: (row, run["about"]) for run in runs for row in run["rows"]}
    sections = [_section(found[row.name], row.measures) for row in ROWS if row.name in found]
    return "\n".join([HEAD, *sections])


def _section(measured: tuple[dict[str, Any], dict[str, str]], measures: str) -> str:
    row, about = measured
    lines = [f"## {row['row']}", "", f"{measures}. Again: `{row['command']}`", ""]
    lines += [_line(HEADINGS), _line(("---",) * len(HEADINGS)), *(_line(_cells(one)) for one in row["figures"])]
    return "\n".join([*lines, "", "; ".join(f"{name} {value}" for name, value in about.items()), ""])


def _cells(figure: dict[str, Any]) -> tuple[str, ...]:
    ratio = "" if figure["ratio"] is None else f"{figure['ratio']:.1f}×"
    value = f"{number(figure['value'])} {figure['unit']}".strip()
    return figure["what"], value, figure["target"], figure["beside"], ratio, figure["verdict"]


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(page([msgspec.json.decode(Path(name).read_bytes()) for name in sys.argv[1:]]))
