"""What the stages say of a run, and what a simulation meant, as the rows that an audit compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from dashboards.audit.comparing import Kind, Said
from dashboards.conservation import InputRow
from dashboards.ranking import among_peers
from streams.core.civil import MICROS, date_of
from streams.core.contributions import NO_DAY, Watch
from streams.core.counters import named
from streams.core.indicators.scores import Score
from streams.core.scoring import Scoring
from streams.core.tallies import Totals
from streams.errors import MotcuaError

Cells: TypeAlias = Mapping[tuple[str, int], Mapping[str, int]]  # by unit as sent and day number, by counter
Meant: TypeAlias = Callable[[int], Cells]  # what a simulation meant as of an instant (seconds)


class NotComparable(MotcuaError):
    """The truth says nothing of this instant; the text says why."""


class Truth(NamedTuple):
    """What a simulation wrote down: its counts as of an instant, and the names of the counters that it knows of."""

    meant: Meant
    names: Iterable[str]


@dataclass(frozen=True)
class Stream:
    """All that the stages say of a run as of one instant: their cells, index, watch list, accounts and scores."""

    cells: Iterable[tuple[str, int, list[int]]]
    index: Mapping[tuple[str, str], Mapping[str, int]]
    watched: Mapping[str, Watch]
    accounts: Mapping[str, Totals]
    cases: int
    scoring: Scoring


def said_of(stream: Stream, rows: Iterable[InputRow] = ()) -> Iterator[Said]:
    """All that is said, with what became of the items of each input."""
    yield Said(Kind.CASES, "", "", {"cases": stream.cases})
    yield from _of_inputs(stream.accounts, rows)
    for unit, day, counts in stream.cells:
        yield Said(Kind.DAYS, unit, _day(day), named(counts))
    for (period, unit), by_name in stream.index.items():
        yield Said(Kind.COUNTS, unit, period, by_name)
    yield from _of_scores(stream)
    for case, entry in stream.watched.items():
        yield Said(Kind.LATE_LIST, case, "", entry._asdict())


def _of_inputs(accounts: Mapping[str, Totals], rows: Iterable[InputRow]) -> Iterator[Said]:
    read = {one.input: one.read for one in rows}
    for name in sorted(accounts.keys() | read.keys()):
        told = accounts.get(name)
        accounted = None if told is None else told.applied + told.repeated
        yield Said(Kind.ITEMS, name, "", {"accounted for": accounted, "read": read.get(name)})


def _of_scores(stream: Stream) -> Iterator[Said]:
    by_period: dict[str, list[str]] = {}
    for period, unit in stream.index:
        by_period.setdefault(period, []).append(unit)
    for period, units in by_period.items():
        for unit in units:
            yield from _of_score(period, unit, stream.scoring.score(period, unit))
        for peers, places in among_peers(stream.scoring, period, units).items():
            for place in places:
                ranks = {"rank": place.rank, "rank by share": place.share_rank, "of": place.of}
                yield Said(Kind.RANKS, place.unit, period, ranks | {"peers": peers, "state": place.state.value})


def _of_score(period: str, unit: str, made: Score) -> Iterator[Said]:
    known = [figure for figure in made.figures if figure.known]
    counted = {f"{one.indicator} numerator": one.numerator for one in known}
    counted |= {f"{one.indicator} denominator": one.denominator for one in known}
    yield Said(Kind.INDICATORS, unit, period, counted)
    points = {one.indicator: one.points for one in known}
    points |= {one.group: one.points for one in made.groups}
    points |= {f"{one.group} reachable": one.reachable for one in made.groups if one.points is not None}
    yield Said(Kind.POINTS, unit, period, points)
    if made.total is not None:
        total = {"total": made.total, "reachable": made.reachable, "band": made.band, "estimated": made.estimated}
        yield Said(Kind.TOTALS, unit, period, total)


def meant_of(truth: Truth, at: int) -> Iterator[Said]:
    """What was meant as of an instant (micros); NotComparable where the truth cannot say that."""
    if at % MICROS:
        raise NotComparable(
            "The truth is written in whole seconds, and this run stands at a part of one: give --as-of."
        )
    for (unit, day), counts in truth.meant(at // MICROS).items():
        yield Said(Kind.TRUTH, unit, _day(day), counts)


def _day(day: int) -> str:
    return "" if day == NO_DAY else date_of(day).isoformat()
