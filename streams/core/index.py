"""Sums over partitions, units and periods: from tallies to what every screen reads.

Only counts are kept; a rate is made of them where it is shown.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import compress
from operator import add, sub
from typing import Final

from streams.core.civil import ALL, PERIOD_KINDS, period_kind
from streams.core.counters import AT_HORIZONS, COUNTERS, NOW, PLACE, READ_AS, WIDTH
from streams.core.index_records import INDEX_VERSION, RUN_KEY, RunStatus, UnitIndex, entry_key
from streams.core.index_source import CellKey, Source
from streams.core.procedures import Uses
from streams.core.register import Register
from streams.core.spans import rolling_day, span_of
from streams.core.spreading import entries_of, spread
from streams.core.stated import Stated
from streams.core.tallies import (
    ClockValue,
    Kind,
    TallyKey,
    Totals,
    cell_key,
    decode_cell,
    decode_clock,
    decode_counts,
    decode_stated,
    sign_key,
    text_of,
)
from streams.core.use_sums import UseTallies
from streams.core.used_sets import UsedSets
from streams.core.uses import Packed, UseKey, use_packed

__all__ = [
    "INDEX_VERSION",
    "RUN_KEY",
    "EntryKey",
    "Index",
    "RunStatus",
    "UnitIndex",
    "counts_in",
    "entry_key",
]
EntryKey = tuple[str, str]  # period, unit
_FULL: Final = 12  # counts of a cell from which it is added together with others
_SIGNS: Final = (Kind.CLOCK, Kind.ACCOUNTS, Kind.COMPLETE)


class Index:
    """Sums of one run over `partitions` source partitions, rolled up by `register`."""

    def __init__(self, register: Register, partitions: int) -> None:
        self.register = register
        self.partitions = partitions
        self.changed: set[EntryKey] = set()
        self.obsolete: set[str] = set()  # keys of unit-tallies that no longer say anything
        self.stated = Stated(register)
        self._touched: set[str] = set()  # units that have stated something else
        self._periods: set[str] = {ALL}
        self._today = date.min
        self._sums: dict[EntryKey, list[int]] = {}
        self._uses = UseTallies(register)
        self._used = UsedSets(self._uses)
        self._sources: dict[int, Source] = {}
        self._full: list[tuple[CellKey, list[int]]] = []  # new cells with many counts, not added to the sums yet

    def take(self, key: TallyKey, value: bytes | None) -> None:
        """Take in one record of `unit-tallies`, in the order of the topic."""
        source = self._sources.setdefault(key.partition, Source())
        if value is None:
            return
        if key.generation < source.generation:
            self.obsolete.add(text_of(key))
        elif key.kind is Kind.CELL:
            self._take_cell(source, key, decode_counts(value))
        elif key.kind is Kind.USE:
            counts = use_packed(decode_cell(value).counts)
            self.changed.update(self._uses.take(key, counts, source.generation))
        elif key.kind is Kind.STATED:
            source.stated.setdefault(key.generation, set()).add(key.about)
            self._touched.add(self.stated.take(decode_stated(value)))
        elif key.kind is Kind.CLOCK:
            self._take_clock(source, key.generation, decode_clock(value))
        elif key.kind is Kind.ACCOUNTS:
            if key.generation == source.generation:  # of a newer one, its clock says enough until it is complete
                source.account = decode_clock(value)
        elif key.generation > source.generation:
            self._promote(source, key.partition, key.generation)

    @property
    def as_of(self) -> int:
        """The lowest clock (micros) of all partitions; 0 while one has said nothing."""
        clocks = [source.clock.clock for source in self._sources.values() if source.clock is not None]
        return min(clocks) if len(clocks) == self.partitions else 0

    @property
    def complete(self) -> bool:
        """True when every partition has told all its cells."""
        told = [source for source in self._sources.values() if source.clock is not None]
        return len(told) == self.partitions

    @property
    def clocks(self) -> dict[int, int]:
        """The clock (micros) of each partition that has one."""
        return {number: source.clock.clock for number, source in self._sources.items() if source.clock is not None}

    @property
    def cases(self) -> int:
        """Cases held in all partitions."""
        return sum(source.account.cases for source in self._sources.values() if source.account is not None)

    def accounts(self) -> dict[str, Totals]:
        """Items applied and repeated, by input partition."""
        sums: dict[str, Totals] = {}
        for source in self._sources.values():
            for name, totals in (source.account.accounts if source.account else {}).items():
                held = sums.get(name, Totals(0, 0))
                sums[name] = Totals(held.applied + totals.applied, held.repeated + totals.repeated)
        return sums

    def turn(self, today: date) -> None:
        """It is that civil day now: what was stated for some day may count from then on, or no longer."""
        since, self._today = self._today, today
        if since != today:
            open_ = [period for period in self._periods if period == ALL or span_of(period).end > since]
            for unit in self.stated.turned(since, today):
                self._touch(unit, open_)

    def take_changed(self) -> set[EntryKey]:
        """Entries that changed since this was last asked."""
        self._settle()
        self._touch_all()
        taken, self.changed = self.changed, set()
        return taken

    def take_obsolete(self) -> set[str]:
        """Keys of `unit-tallies` to delete, since this was last asked."""
        taken, self.obsolete = self.obsolete, set()
        return taken

    def entries(self) -> Iterable[EntryKey]:
        """Every (period, unit) that has counts, or of which something was stated."""
        self._settle()
        self._touch_all()
        return self._sums.keys()

    def counts(self, period: str, unit: str) -> dict[str, int]:
        """Counts of an entry by name, zeros left out: verdicts as of the end of the period, plainly named."""
        if self._full:
            self._settle()
        sums = self._sums.get((period, unit))
        return {} if sums is None else counts_in(sums, period)

    def count(self, period: str, unit: str, name: str) -> int:
        """One counter of an entry that has no verdict; 0 where there is none."""
        if self._full:
            self._settle()
        sums = self._sums.get((period, unit))
        return 0 if sums is None else sums[PLACE[name]]

    def covers(self, period: str) -> bool:
        """True for a period of which anything was counted."""
        if self._full:
            self._settle()
        return period == ALL or any(self._sums.get((period, self.register.root), ()))

    def used(self, period: str, unit: str, today: date) -> dict[str, int] | None:
        """Counts of procedures used, of a unit with all below it, as of a civil day; None for a week."""
        return self._used.counts(period, unit, today, self.stated)

    def uses(self, period: str, unit: str) -> Uses:
        """Counters of an entry by procedure, zeros left out; none for a week."""
        return self._uses.uses(period, unit)

    def own_uses(self, period: str, unit: str) -> Uses:
        """The same of the dossiers that the unit itself decides, without the units below it."""
        return self._uses.own_uses(period, unit)

    def use_cells(self) -> Iterator[tuple[UseKey, Packed]]:
        """Unit, procedure and month, and counts of every such cell that counts, summed over partitions."""
        return self._uses.cells()

    def cells(self) -> Iterator[tuple[str, int, list[int]]]:
        """Unit, day and counts of every cell that counts, summed over partitions."""
        sums: dict[CellKey, list[int]] = {}
        for source in self._sources.values():
            for cell, counts in source.cells.items():
                held = sums.setdefault(cell, [0] * WIDTH)
                for place, count in enumerate(counts):
                    held[place] += count
        for (unit, day), counts in sums.items():
            yield unit, day, counts

    def _take_cell(self, source: Source, key: TallyKey, counts: list[int]) -> None:
        cell = key.unit, key.day
        if key.generation > source.generation:
            source.coming.setdefault(key.generation, {})[cell] = counts
        else:
            self._replace(source, cell, counts)

    def _take_clock(self, source: Source, generation: int, clock: ClockValue) -> None:
        if generation > source.generation:
            source.coming_clock[generation] = clock
        else:
            source.clock = source.account = clock

    def _promote(self, source: Source, partition: int, generation: int) -> None:
        """From now on `generation` counts; what older ones said is undone and their keys are obsolete."""
        cells = source.coming.pop(generation, {})
        for cell in [cell for cell in source.cells if cell not in cells]:
            self._replace(source, cell, [0] * WIDTH)
            del source.cells[cell]
            self.obsolete.add(cell_key(partition, source.generation, *cell))
        for cell, counts in cells.items():
            if cell in source.cells:
                self.obsolete.add(cell_key(partition, source.generation, *cell))
            self._replace(source, cell, counts)
        changed, obsolete = self._uses.promote(partition, source.generation, generation)
        self.changed |= changed
        self.obsolete |= obsolete
        if source.generation >= 0:
            self.obsolete |= {sign_key(partition, source.generation, kind) for kind in _SIGNS}
        source.generation = generation
        source.clock = source.account = source.coming_clock.pop(generation, source.clock)
        self.obsolete |= source.forget_before(partition, generation)

    def _replace(self, source: Source, cell: CellKey, counts: list[int]) -> None:
        held = source.cells.get(cell)
        source.cells[cell] = counts
        changes = counts if held is None else list(map(sub, counts, held))
        deltas = list(compress(enumerate(changes), changes))
        if not deltas:
            return
        if held is None and len(deltas) > _FULL:
            self._full.append((cell, counts))
            return
        for entry in entries_of(self.register, *cell):
            sums = self._sums.get(entry)
            if sums is None or sums is _NOTHING:
                sums = self._sums[entry] = [0] * WIDTH
                self._begin(entry[0])
            for place, delta in deltas:
                sums[place] += delta
            self.changed.add(entry)

    def _settle(self) -> None:
        """Add the full cells to the sums."""
        cells, self._full = self._full, []
        for entry, more in spread(self.register, cells).items():
            sums = self._sums.get(entry)
            self._sums[entry] = list(more) if sums is None else list(map(add, sums, more))
            self._begin(entry[0])
            self.changed.add(entry)

    def _begin(self, period: str) -> None:
        """The first count of a period: what was stated counts in it too."""
        if period not in self._periods:
            self._periods.add(period)
            self._touched.update(self.stated.units)

    def _touch_all(self) -> None:
        for unit in self._touched - {""}:
            self._touch(unit, self._periods)
        self._touched.clear()

    def _touch(self, unit: str, periods: Iterable[str]) -> None:
        """What a unit has stated counts otherwise in these periods, for it and all above it."""
        for period in periods:
            for above in self.register.chain(unit, rolling_day(period)):
                self._sums.setdefault((period, above), _NOTHING)
                self.changed.add((period, above))


def counts_in(sums: list[int], period: str) -> dict[str, int]:
    """Sums by name, zeros left out, with the verdicts that hold for a period of that kind under plain names."""
    return {name: sums[place] for name, place in _PLACES[period_kind(period)] if sums[place]}


def _places(kind: str) -> list[tuple[str, int]]:
    verdicts = [(name, PLACE[f"{name}_{NOW if kind == ALL else kind}"]) for name in AT_HORIZONS]
    return verdicts + [(counter.name, place) for place, counter in enumerate(COUNTERS) if counter.name in READ_AS]


_PLACES: Final = {kind: _places(kind) for kind in (ALL, *PERIOD_KINDS)}
_NOTHING: Final = [0] * WIDTH  # of an entry of which only something was stated; never changed
