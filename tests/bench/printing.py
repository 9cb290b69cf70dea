"""Figures for people and for machines."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from tests.bench.figures import Figure, Row, number

Measured = Sequence[tuple[Row, Sequence[Figure]]]
HEADINGS = ("measured", "target", "compared with", "ratio", "verdict")


def machine(kafka: str, load_before: tuple[float, float, float], *, quick: bool) -> dict[str, str]:
    """Where and when it was measured."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": f"{_processor()}, {platform.system()} {platform.release()}",
        "CPUs": str(os.cpu_count()),
        "Python": platform.python_version(),
        "Kafka": f"{kafka}, one broker on the same CPUs",
        "load average before": _load(load_before),
        "load average after": _load(os.getloadavg()),
        "sizes": "quick: to see that it works, no measurement" if quick else "full",
    }


def show(measured: Measured, about: dict[str, str]) -> None:
    """Print the tables."""
    console = Console(width=None if os.isatty(1) else 150)
    for row, figures in measured:
        table = Table(title=f"{row.name} — {row.measures}", title_justify="left", caption=row.command)
        for heading in ("figure", *HEADINGS):
            table.add_column(heading)
        for figure in figures:
            table.add_row(figure.what, *_cells(figure))
        console.print(table)
    console.print("\n".join(f"{name}: {value}" for name, value in about.items()))


def as_json(measured: Measured, about: dict[str, str]) -> bytes:
    """All figures with their verdicts."""
    rows = [
        {
            "row": row.name,
            "command": row.command,
            "figures": [
                {**msgspec.to_builtins(figure), "target": figure.target, "verdict": figure.verdict}
                for figure in figures
            ],
        }
        for row, figures in measured
    ]
    return msgspec.json.format(msgspec.json.encode({"about": about, "rows": rows}), indent=2) + b"\n"


def as_markdown(measured: Measured, about: dict[str, str], note: str) -> str:
    """A page for the documentation."""
    lines = [
        "# How fast it is",
        "",
        'Made by `make bench ARGS="--markdown docs/performance.md"`; do not edit. Each figure stands beside what it is',
        "compared with, measured in the same run; CPU time is that of the worker process with all its threads.",
        "`make bench ARGS=<row>` measures one row again.",
        "",
        *([f"**{note}**", ""] if note else []),
        *(f"- {name}: {value}" for name, value in about.items()),
    ]
    for row, figures in measured:
        lines += ["", f"## {row.name}", "", f"{row.measures}. Again: `{row.command}`", ""]
        lines += [_line(("figure", *HEADINGS)), _line(["---"] * (len(HEADINGS) + 1))]
        lines += [_line((figure.what, *_cells(figure))) for figure in figures]
    return "\n".join(lines) + "\n"


def _cells(figure: Figure) -> tuple[str, str, str, str, str]:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.1f}×" if figure.ratio < 100 else f"{figure.ratio:,.0f}×"
    return f"{number(figure.value)} {figure.unit}".strip(), figure.target, figure.beside, ratio, figure.verdict


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _load(averages: tuple[float, float, float]) -> str:
    return ", ".join(f"{one:.2f}" for one in averages)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
