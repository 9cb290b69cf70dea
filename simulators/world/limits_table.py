"""The limits of the simulated procedures as the table that the monitor reads.

`python -m simulators.world.limits_table` writes it anew.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Final

from simulators.world.procedures import COMMUNE, DEPARTMENT
from simulators.world.terms import CUT_OFF, Term
from streams.core.civil import HOUR

COLUMNS: Final = (
    "procedure",
    "count",
    "unit",
    "channel",
    "level",
    "valid_from",
    "same_time",
    "cut_off",
    "source",
)
SOURCE: Final = "simulated"


def table() -> str:
    """The whole table as CSV, one row a term in the order of the procedures."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows())
    return written.getvalue()


def shipped() -> Path:
    """Where the table lies that comes with motcua."""
    return Path(str(resources.files("streams") / "data" / "limits" / "vietnam-simulated.csv"))


def _rows() -> Iterator[tuple[str, ...]]:
    for procedure in (*COMMUNE, *DEPARTMENT):
        for term in procedure.terms:
            yield _row(procedure.code, term)


def _row(procedure: str, term: Term) -> tuple[str, ...]:
    hour, second = divmod(term.cut_off, HOUR)
    cut_off = "" if term.cut_off == CUT_OFF else f"{hour:02}:{second // 60:02}"
    same_time = "yes" if term.same_time else ""
    return procedure, str(term.count), term.unit.value, term.channel, "", term.since, same_time, cut_off, SOURCE


if __name__ == "__main__":
    shipped().parent.mkdir(exist_ok=True)
    shipped().write_text(table(), encoding="utf-8")
