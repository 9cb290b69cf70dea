"""What the stages say of a run, and what a simulation meant, as the rows that an audit compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import msgspec

from dashboards.audit.comparing import Kind, Said, Value
from dashboards.conservation import InputRow
from streams.core.civil import MICROS, Civil, date_of
from streams.core.contributions import NO_DAY
from streams.core.counters import READ_AS, named
from streams.core.history import DayRecord
from streams.core.index import EntryKey, UnitIndex
from streams.core.scoring import Held, today_of
from streams.core.standings import Standings
from streams.core.tallies import Totals
from streams.core.told import settled_of, told_place, told_score
from streams.core.watching import Watch
from streams.errors import MotcuaError

Cells: TypeAlias = Mapping[tuple[str, int], Mapping[str, int]]  # by unit as sent and day number, by counter
Meant: TypeAlias = Callable[[int], Cells]  # what a simulation meant as of an instant (seconds)


class NotComparable(MotcuaError):
    """What was asked for cannot be held against one another; the text says why."""


class Truth(NamedTuple):
    """What a simulation wrote down: its counts as of an instant, and the names of the counters that it knows of."""

    meant: Meant
    names: Iterable[str]


@dataclass(frozen=True)
class Stream:
    """All that the stages say of a run as of one instant: their cells, index, watch list and accounts."""

    cells: Iterable[tuple[str, int, list[int]]]
    entries: Iterable[UnitIndex]
    watched: Mapping[str, Watch]
    accounts: Mapping[str, Totals]
    cases: int


def said_of(stream: Stream, rows: Iterable[InputRow] = ()) -> Iterator[Said]:
    """All that is said, with what became of the items of each input."""
    yield Said(Kind.CASES, "", "", {"cases": stream.cases})
    yield from _of_inputs(stream.accounts, rows)
    for unit, day, counts in stream.cells:
        yield Said(Kind.DAYS, unit, _day(day), named(counts))
    for entry in stream.entries:
        yield from _of_entry(entry)
    for case, watch in stream.watched.items():
        yield Said(Kind.LATE_LIST, case, "", watch._asdict())


def closed_of(closes: Iterable[DayRecord]) -> Iterator[Said]:
    """The last daily close of every unit and period."""
    last: dict[EntryKey, DayRecord] = {}
    for one in closes:
        entry = one.period, one.unit
        if entry not in last or last[entry].day < one.day:
            last[entry] = one
    for one in last.values():
        yield Said(Kind.HISTORY, one.unit, one.period, {**one.counts, "settled": one.settled})


def _of_inputs(accounts: Mapping[str, Totals], rows: Iterable[InputRow]) -> Iterator[Said]:
    read = {one.input: one.read for one in rows}
    for name in sorted(accounts.keys() | read.keys()):
        told = accounts.get(name)
        accounted = None if told is None else told.applied + told.repeated
        yield Said(Kind.ITEMS, name, "", {"accounted for": accounted, "read": read.get(name)})


def _of_entry(one: UnitIndex) -> Iterator[Said]:
    yield Said(Kind.COUNTS, one.unit, one.period, {**one.counts, **one.more, "settled": one.settled})
    if one.score is None or not (any(one.counts.values()) or any(one.more.values())):
        return  # nothing is counted of it any more
    score, figures = one.score, one.score.figures
    counted: dict[str, Value] = {f"{id_} numerator": figure.numerator for id_, figure in figures.items()}
    counted |= {f"{id_} denominator": figure.denominator for id_, figure in figures.items()}
    yield Said(Kind.INDICATORS, one.unit, one.period, counted)
    points = {id_: figure.points for id_, figure in figures.items()}
    yield Said(Kind.POINTS, one.unit, one.period, {**points, **score.groups})
    if score.total is not None:
        total = {"total": score.total, "reachable": score.reachable, "band": score.band, "catalogue": score.catalogue}
        marks = {"complete": score.complete, "estimated": score.estimated}
        yield Said(Kind.TOTALS, one.unit, one.period, {**total, **marks})
    if one.place is not None:
        yield Said(Kind.RANKS, one.unit, one.period, msgspec.structs.asdict(one.place))


def entries_of(held: Held, keys: Iterable[EntryKey], as_of: int, civil: Civil) -> list[UnitIndex]:
    """The records of `unit-index` that the stages would write as of an instant (micros), by the counts held."""
    day, entries = today_of(as_of, civil), list(keys)
    standings = Standings(held, day)
    standings.refresh(entries, day)
    return [_entry(standings, entry, as_of) for entry in entries]


def _entry(standings: Standings, entry: EntryKey, as_of: int) -> UnitIndex:
    period, unit = entry
    held, made = standings.entry(entry)
    counts = dict(standings.scoring.held.counts(period, unit))
    return UnitIndex(
        unit,
        period,
        held.level.value,
        as_of,
        0,
        counts,
        settled=settled_of(counts),
        more={name: count for name, count in held.here.items() if name not in READ_AS},
        score=told_score(made),
        place=told_place(standings.peers(period, unit), standings.place(period, unit)),
    )


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
