"""Two runs side by side: every figure that their screens read, and the definitions by which each counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import msgspec

from streams.core.index import RUN_KEY
from streams.errors import MotcuaError
from streams.reading import RunReader
from streams.run_status import versions_in
from streams.settings import Settings

COMPARISON_VERSION: Final = 1
Value: TypeAlias = int | float | str | bool | None
Figures: TypeAlias = dict[tuple[str, str], dict[str, Value]]
_NO_FIGURE: Final = frozenset({"unit", "period", "level", "as_of", "generation", "version"})
_COUNTS: Final = "counts."
_RUN: Final = RUN_KEY.encode()


class NothingToCompare(MotcuaError):
    """A run whose figures are not there or not complete; the text says what to do."""


class Side(msgspec.Struct, frozen=True):
    """A run: as of when (micros) its figures stand, and versions of definitions by name."""

    run: str
    as_of: int
    versions: dict[str, str]
    figures: Figures


class Version(msgspec.Struct, frozen=True):
    """A definition that is not the same in both runs."""

    definition: str
    a: str | None
    b: str | None


class Difference(msgspec.Struct, frozen=True):
    """One figure of a unit in a period that is not the same in both; null is no data."""

    unit: str
    period: str
    figure: str
    a: Value
    b: Value


class RunComparison(msgspec.Struct, frozen=True):
    """What `motcua compare --json` prints: `compared` figures of two runs, and those that differ.

    `as_of` are micros.  Runs are equal when no figure differs and both stand as of the same instant.
    """

    a: str
    b: str
    as_of_a: int
    as_of_b: int
    equal: bool
    compared: int
    definitions: list[Version]
    differences: list[Difference]
    version: int = COMPARISON_VERSION


def compare_runs(
    settings_a: Settings, settings_b: Settings, *, unit: str | None = None, period: str | None = None
) -> RunComparison:
    """Compare all figures of two runs, or those of one unit or period; NothingToCompare while one has no figures."""
    return compare_sides(side_of(settings_a), side_of(settings_b), unit=unit, period=period)


def side_of(settings: Settings) -> Side:
    """What a run says, whatever its index holds; NothingToCompare until it is complete."""
    figures: Figures = {}
    status: dict[str, object] = {}
    generation = -1
    with RunReader(settings) as reader:
        for message in reader.read("unit-index"):
            if message.key is None or (message.key.startswith(b"@") and message.key != _RUN):
                continue
            if message.value is None:
                period, _, unit = message.key.decode().partition("/")
                figures.pop((period, unit), None)
                continue
            record = msgspec.json.decode(message.value, type=dict[str, object])
            of = record.get("generation")
            if not isinstance(of, int) or of < generation:
                continue  # of a worker that had lost the index already
            generation = of
            if message.key == _RUN:
                status = record
            else:
                figures[str(record["period"]), str(record["unit"])] = dict(figures_in(record))
    as_of = status.get("as_of")
    if not isinstance(as_of, int) or not status.get("complete"):
        raise NothingToCompare(
            f"Run {settings.run} has no complete figures: let its workers come to rest (`motcua worker`), then compare."
        )
    return Side(settings.run, as_of, versions_in(status), figures)


def figures_in(record: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    """Every figure in a record, by the way to it: `counts.received`, and so on for whatever else it holds."""
    for name, value in record.items():
        if name not in _NO_FIGURE:
            yield from _leaves(name, value)


def _leaves(name: str, value: object) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Mapping):
        for part, below in value.items():
            yield from _leaves(f"{name}.{part}", below)
    elif isinstance(value, list):
        for place, below in enumerate(value):
            yield from _leaves(f"{name}.{place}", below)
    elif value is None or isinstance(value, (int, float, str)):
        yield name, value


def compare_sides(a: Side, b: Side, *, unit: str | None = None, period: str | None = None) -> RunComparison:
    """Every figure that one of both has.  A count that is not said is 0; any other figure that is not said, no data."""
    differences, compared = [], 0
    for key in sorted(a.figures.keys() | b.figures.keys(), key=lambda one: (one[1], one[0])):
        if (period or key[0]) != key[0] or (unit or key[1]) != key[1]:
            continue
        ours, theirs = a.figures.get(key, {}), b.figures.get(key, {})
        for figure in sorted(ours.keys() | theirs.keys()):
            compared += 1
            missing = 0 if figure.startswith(_COUNTS) else None
            left, right = ours.get(figure, missing), theirs.get(figure, missing)
            if left != right:
                differences.append(Difference(key[1], key[0], figure, left, right))
    names = sorted(a.versions.keys() | b.versions.keys())
    definitions = [
        Version(name, a.versions.get(name), b.versions.get(name))
        for name in names
        if a.versions.get(name) != b.versions.get(name)
    ]
    equal = not differences and a.as_of == b.as_of
    return RunComparison(a.run, b.run, a.as_of, b.as_of, equal, compared, definitions, differences)


def as_json(comparison: RunComparison) -> str:
    """The comparison as JSON by its schema."""
    return msgspec.json.format(msgspec.json.encode(comparison), indent=2).decode()


def as_csv(comparison: RunComparison) -> str:
    """A line per figure that differs."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["unit", "period", "figure", comparison.a, comparison.b, "change"])
    for one in comparison.differences:
        writer.writerow([one.unit, one.period, one.figure, _cell(one.a), _cell(one.b), change_text(one)])
    return text.getvalue()


def table_rows(comparison: RunComparison, most: int) -> tuple[list[str], list[list[str]]]:
    """Titles and the first `most` rows for people."""
    titles = ["unit", "period", "figure", comparison.a, comparison.b, "change"]
    rows = [
        [one.unit or "-", one.period, one.figure, _cell(one.a), _cell(one.b), change_text(one)]
        for one in comparison.differences[:most]
    ]
    return titles, rows


def change_text(one: Difference) -> str:
    """How much more it is in the second run; empty where one has no number."""
    if isinstance(one.a, (int, float)) and isinstance(one.b, (int, float)):
        return f"{one.b - one.a:+g}"
    return ""


def _cell(value: Value) -> str:
    return "" if value is None else str(value)
