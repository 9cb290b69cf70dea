"""Figure by figure: what the stream says, what the audit counted, and where the two differ."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from dashboards.audit.counting import Counting

Value: TypeAlias = int | str | bool | None
COLUMNS: Final = ("figures", "unit or dossier", "period", "name", "stream or truth", "audit")


class Kind(StrEnum):
    """The kinds of figures that are compared."""

    CASES = "cases"  # how many there are
    ITEMS = "items"  # of every input
    DAYS = "days"  # counts of every unit as it was sent, by civil day
    COUNTS = "counts"  # of every unit with all below it, and period
    INDICATORS = "indicators"  # what stands above and below the line
    POINTS = "points"  # of indicators and groups
    TOTALS = "totals"
    RANKS = "ranks"
    LATE_LIST = "late list"
    HISTORY = "history"  # the last daily close of every unit and period
    TRUTH = "truth"  # as days, by what a simulation meant


class Said(NamedTuple):
    """What the stream says of one unit in one period, of one dossier or of one input; points are in hundredths.

    What it does not say is left out, or None.
    """

    figures: Kind
    subject: str
    period: str
    values: Mapping[str, Value]


class Difference(NamedTuple):
    """One figure on which the two do not agree; None is nothing at all."""

    figures: str
    subject: str
    period: str
    name: str
    said: str | None
    audit: str | None


class Line(NamedTuple):
    """Of one kind of figures: how many were compared, and how many differ."""

    figures: str
    compared: int
    different: int


def compare(counting: Counting, said: Iterable[Said], kinds: Iterable[Kind] = Kind) -> list[Line]:
    """Hold what the stream says, of these kinds of figures, against what was counted."""
    counting.say([(kind.value,) for kind in kinds], said)
    found = counting.ask(
        "SELECT asked.figures, coalesce(any_value(compared), 0), count(differences.name) FROM asked "
        "LEFT JOIN compared USING (figures) LEFT JOIN differences USING (figures) GROUP BY asked.figures"
    )
    lines = {figures: Line(figures, compared, different) for figures, compared, different in found}
    return [lines[kind.value] for kind in kinds]


def differences(counting: Counting, most: int | None = None) -> list[Difference]:
    """The first `most` of what differs (None: all), in the order of kind, period and unit."""
    limit = "" if most is None else f"LIMIT {most}"
    return [Difference(*row) for row in counting.ask(f"FROM differences ORDER BY ALL {limit}")]


def write(found: Iterable[Difference], file: Path) -> None:
    """A line per figure that differs."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(found)
