"""`python -m tests.bench [row ...]`: measure, print, and write down."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from streams.local_kafka import DEFAULT_VERSION
from tests.bench.figures import Figure, Row
from tests.bench.ground import Ground
from tests.bench.printing import as_json, as_markdown, machine, show
from tests.bench.rows import ROWS


@click.command()
@click.argument("names", metavar="[ROW ...]", nargs=-1, type=click.Choice([row.name for row in ROWS]))
@click.option("--quick", is_flag=True, help="Small: to see that every row works, in less than a minute.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures there.")
@click.option("--markdown", type=click.Path(dir_okay=False, path_type=Path), help="Write a page for the docs there.")
@click.option("--note", default="", help="A word to put above the figures of the page.")
def main(names: tuple[str, ...], *, quick: bool, json_file: Path | None, markdown: Path | None, note: str) -> None:
    """Measure the rows given, or all of them."""
    version = os.environ.get("TEST_KAFKA_VERSION", DEFAULT_VERSION)
    before = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        ground = Ground(Path(folder), version, quick=quick)
        try:
            measured = [(row, _measured(ground, row)) for row in ROWS if not names or row.name in names]
        finally:
            ground.close()
    about = machine(version, before, quick=quick)
    show(measured, about)
    if json_file is not None:
        json_file.write_bytes(as_json(measured, about))
    if markdown is not None:
        markdown.write_text(as_markdown(measured, about, note), encoding="utf-8")


def _measured(ground: Ground, row: Row) -> list[Figure]:
    print(f"── {row.name}: {row.measures}", file=sys.stderr, flush=True)
    figures = row.measure(ground)
    # Small sizes are mostly start-up: nothing to judge by.
    return [replace(figure, excuse="quick sizes") for figure in figures] if ground.quick else figures


if __name__ == "__main__":
    main()
