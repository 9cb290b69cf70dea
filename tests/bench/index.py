"""Row `index`: the index of a country kept up with its events, hours closed, and INDEX taken over; without a broker."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable
from datetime import date
from typing import Final

from streams.core.civil import HOUR, day_number
from streams.core.closing import Closing
from streams.core.history import History
from streams.core.index import Index, RunStatus, UnitIndex
from streams.core.register import Register
from streams.core.rules import Rules
from streams.core.standings import EntryKey, Standings
from streams.core.tallies import encode, read_key
from streams.core.told import told_place, told_score
from streams.logs import MemoryLog, Record
from streams.stages.figures import Figures
from streams.stages.index import IndexStage, RunOf
from streams.stages.stream import OUTPUTS, Outputs
from tests.bench.country import CIVIL, NOW, TODAY, beginning, cell, cells, clock, lowest, register
from tests.bench.figures import Figure
from tests.bench.ground import Ground

_DAY: Final = day_number(TODAY)
_RULES: Final = Rules(CIVIL)
_MONTH: Final = "2026-11"
_TURNS: Final = 5


def measure(ground: Ground) -> list[Figure]:
    """CPU of everything from scratch, of one changed second, of closed hours, of a take-over."""
    country = register(34, 13, ground.sized(133, 3))
    units = lowest(country)
    index = Index(country, 1)
    for key, value in (beginning(), *cells(units, range(_DAY - 2, _DAY), 1), clock(NOW // 1_000_000)):
        index.take(read_key(key.decode()), value)
    return [
        *_from_scratch(index, len(country.units)),
        *_changed_second(index, units, ground.sized(1_000, 50)),
        *_hours(ground),
        _take_over(ground),
    ]


def _from_scratch(index: Index, many: int) -> list[Figure]:
    month = [entry for entry in index.entries() if entry[0] == _MONTH]
    found = []
    for which, entries, most in (
        ("the month", month, 2_000),
        ("all periods that hold the day", list(index.entries()), None),
    ):
        began = time.process_time()
        Standings(index, TODAY).refresh(entries, TODAY)
        what = f"scores and ranks of {many:,} units from scratch, {which}"
        found.append(Figure(what, (time.process_time() - began) * 1_000, "ms of CPU", at_most=most))
    return found


def _changed_second(index: Index, units: list[str], events: int) -> list[Figure]:
    """Events at units by chance: cells taken in, scores, ranks of all peers, records encoded."""
    dice = random.Random(2)
    standings = Standings(index, TODAY)
    standings.refresh(index.entries(), TODAY)
    index.take_changed()
    whole, steps, told = [], [0.0], 0
    for _ in range(_TURNS):
        records = dict(cell(dice.choice(units), _DAY - dice.randrange(2), dice) for _ in range(events))
        began = at = time.process_time()
        for key, value in records.items():
            index.take(read_key(key.decode()), value)
        touched: set[EntryKey] = set()
        for found in standings.steps({one for one in index.take_changed() if one[0] == _MONTH}, TODAY):
            touched |= found
            steps.append(time.process_time() - at)
            at = time.process_time()
        for entry in touched:
            encode(_entry(index, standings, entry))
        whole.append(time.process_time() - began)
        told = len(touched)
    longest = max(steps[1:]) * 1_000
    return [
        Figure(
            f"a changed second of {events:,} events: {told:,} units of the month with their ranks, told",
            sorted(whole)[len(whole) // 2] * 1_000,
            "ms of CPU",
            at_most=200,
        ),
        Figure("longest turn of the event loop in it", longest, "ms of CPU"),
    ]


def _entry(index: Index, standings: Standings, entry: EntryKey) -> UnitIndex:
    held, made = standings.entry(entry)
    place = told_place(standings.peers(*entry), standings.place(*entry))
    return UnitIndex(
        entry[1], entry[0], held.level.value, 1, 1, index.counts(*entry), score=told_score(made), place=place
    )


def _hours(ground: Ground) -> list[Figure]:
    """A province's quarter at the speed of a replay: each working hour changes cells of all units."""
    province = register(1, 20, ground.sized(140, 5))
    units, days = lowest(province), ground.sized(90, 3)
    dice, first = random.Random(3), _DAY - 100
    closing, history = Closing(province, 1, lambda: _RULES), History()
    closing.take(*beginning())
    closing.take(*clock(CIVIL.midnight(first)))
    records = written = closed = 0
    spent = 0.0
    for day in range(first, first + days):
        for hour in range(24):
            told = [cell(unit, day - dice.randrange(10), dice) for unit in units] if 8 <= hour < 17 else []
            records += len(told)
            began = time.process_time()
            for key, value in (*told, clock(CIVIL.midnight(day) + (hour + 1) * HOUR)):
                closing.take(key, value)
            while (over := closing.close_next()) is not None:
                closed += 1
                written += sum(1 for _ in history.close(over))
            spent += time.process_time() - began
    return [
        Figure(f"hours closed a second: {records:,} cells, {written:,} records of history", closed / spent, "hours/s"),
        Figure("closing, by cell told", spent / records * 1e6, "µs of CPU"),
    ]


class _Dark:
    """A screen that shows nothing."""

    def show(self, status: RunStatus, entries: Iterable[UnitIndex]) -> None:
        """Not shown."""

    def clear(self) -> None:
        """Not shown."""


def _take_over(ground: Ground) -> Figure:
    """Of a province's year: a cell for each unit and day, as compaction leaves them."""
    province: Register = register(1, 20, 140)
    days = ground.sized(365, 10)
    logs = [MemoryLog() for _ in OUTPUTS]
    outputs = Outputs(*logs)
    tallies = [Record(*one) for one in (beginning(), *cells(lowest(province), range(_DAY - days, _DAY), 4))]
    run = RunOf("live", province, CIVIL.name, 1, lambda _: ("", ""), lambda: _RULES, lambda: (History(),))
    stage = IndexStage(run, outputs, Figures(), _Dark(), lambda: None)

    async def timed() -> float:
        await outputs.tallies.append(0, [*tallies, Record(*clock(NOW // 1_000_000))])
        began = time.monotonic()
        await stage.assigned(held=True)
        return time.monotonic() - began

    cells_ = f"{len(tallies) - 1:,} cells"
    return Figure(f"INDEX taken over, a province-year of {cells_}, told anew", asyncio.run(timed()), "s", at_most=10)


assert date(2026, 11, 24) == TODAY
