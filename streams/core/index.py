"""Sums over partitions, units and periods: from tallies to what every screen reads.

Only counts are kept; a rate is made of them where it is shown.
"""

from collections.abc import Iterable, Iterator
from itertools import compress
from operator import add, sub
from typing import Final

import msgspec

from streams.core.civil import ALL, PERIOD_KINDS, period_kind
from streams.core.counters import AT_HORIZONS, COUNTERS, NOW, PLACE, READ_AS, WIDTH
from streams.core.procedures import Uses
from streams.core.register import Register
from streams.core.spreading import entries_of, spread
from streams.core.tallies import (
    ClockValue,
    Kind,
    TallyKey,
    Totals,
    cell_key,
    decode_cell,
    decode_clock,
    decode_counts,
    sign_key,
    use_key,
)
from streams.core.told import ToldPlace, ToldScore
from streams.core.use_sums import UseTallies, use_of
from streams.core.uses import Packed, UseKey, use_packed

EntryKey = tuple[str, str]  # period, unit
CellKey = tuple[str, int]  # unit as sent, day
INDEX_VERSION: Final = 2
RUN_KEY: Final = "@run"
_FULL: Final = 12  # counts of a cell from which it is added together with others
_SIGNS: Final = (Kind.CLOCK, Kind.ACCOUNTS, Kind.COMPLETE)


class UnitIndex(msgspec.Struct, frozen=True):
    """One record of `unit-index`, keyed ``period/unit``: counts of a unit with all units below it, in one period.

    Verdicts are those as of the end of the period of reception, or as of now while it lasts; for `all` as of now.
    `settled` are those of `received` whose verdict stands: ended, or in process and already overdue.  `more` are the
    counts behind the score that are not counters of days; `place` is null for what is ranked nowhere (the country, what
    is not registered).
    """

    unit: str
    period: str
    level: str
    as_of: int  # micros: the run's clock when this record was made
    generation: int
    counts: dict[str, int]
    version: int = INDEX_VERSION
    settled: int = 0
    more: dict[str, int] = {}
    score: ToldScore | None = None
    place: ToldPlace | None = None


class RunStatus(msgspec.Struct, frozen=True):
    """The record ``@run`` of `unit-index`: how far and how complete the index of a run is.

    `as_of` (micros) is the lowest clock of its partitions; `complete` is False while a partition has not said anything
    or is being taken over.  `closed` (micros) is the last full hour of which the history is written.  `register`,
    `calendar` and `limits` are versions; empty where there is none.
    """

    run: str
    as_of: int
    generation: int
    complete: bool
    partitions: int
    cases: int
    accounts: dict[str, Totals]
    zone: str
    register: str
    version: int = INDEX_VERSION
    calendar: str = ""
    limits: str = ""
    closed: int = 0


def entry_key(period: str, unit: str) -> str:
    """Key of a record of `unit-index`."""
    return f"{period}/{unit}"


class _Source:
    """Cells of one source partition: those of the generation that counts, and newer ones not complete yet."""

    def __init__(self) -> None:
        self.generation = -1
        self.cells: dict[CellKey, list[int]] = {}
        self.clock: ClockValue | None = None
        self.account: ClockValue | None = None  # what was accounted for last; no older than the clock
        self.coming: dict[int, dict[CellKey, list[int]]] = {}
        self.coming_clock: dict[int, ClockValue] = {}


class Index:
    """Sums of one run over `partitions` source partitions, rolled up by `register`."""

    def __init__(self, register: Register, partitions: int) -> None:
        self.register = register
        self.partitions = partitions
        self.changed: set[EntryKey] = set()
        self.obsolete: set[str] = set()  # keys of unit-tallies that no longer say anything
        self._sums: dict[EntryKey, list[int]] = {}
        self._uses = UseTallies(register)
        self._sources: dict[int, _Source] = {}
        self._full: list[tuple[CellKey, list[int]]] = []  # new cells with many counts, not added to the sums yet

    def take(self, key: TallyKey, value: bytes | None) -> None:
        """Take in one record of `unit-tallies`, in the order of the topic."""
        source = self._sources.setdefault(key.partition, _Source())
        if value is None:
            return
        if key.generation < source.generation:
            self.obsolete.add(_text(key))
        elif key.kind is Kind.CELL:
            self._take_cell(source, key, decode_counts(value))
        elif key.kind is Kind.USE:
            counts = use_packed(decode_cell(value).counts)
            self.changed.update(self._uses.take(key, counts, source.generation))
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

    def take_changed(self) -> set[EntryKey]:
        """Entries that changed since this was last asked."""
        self._settle()
        taken, self.changed = self.changed, set()
        return taken

    def take_obsolete(self) -> set[str]:
        """Keys of `unit-tallies` to delete, since this was last asked."""
        taken, self.obsolete = self.obsolete, set()
        return taken

    def entries(self) -> Iterable[EntryKey]:
        """Every (period, unit) that has counts."""
        self._settle()
        return self._sums.keys()

    def counts(self, period: str, unit: str) -> dict[str, int]:
        """Counts of an entry by name, zeros left out: verdicts as of the end of the period, plainly named."""
        if self._full:
            self._settle()
        sums = self._sums.get((period, unit))
        return {} if sums is None else counts_in(sums, period)

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

    def _take_cell(self, source: _Source, key: TallyKey, counts: list[int]) -> None:
        cell = key.unit, key.day
        if key.generation > source.generation:
            source.coming.setdefault(key.generation, {})[cell] = counts
        else:
            self._replace(source, cell, counts)

    def _take_clock(self, source: _Source, generation: int, clock: ClockValue) -> None:
        if generation > source.generation:
            source.coming_clock[generation] = clock
        else:
            source.clock = source.account = clock

    def _promote(self, source: _Source, partition: int, generation: int) -> None:
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
        self._forget_before(source, partition, generation)

    def _forget_before(self, source: _Source, partition: int, generation: int) -> None:
        for old in [old for old in source.coming if old < generation]:
            self.obsolete |= {cell_key(partition, old, *cell) for cell in source.coming.pop(old)}
        for old in [old for old in source.coming_clock if old < generation]:
            self.obsolete.add(sign_key(partition, old, Kind.CLOCK))
            del source.coming_clock[old]

    def _replace(self, source: _Source, cell: CellKey, counts: list[int]) -> None:
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
            if sums is None:
                sums = self._sums[entry] = [0] * WIDTH
            for place, delta in deltas:
                sums[place] += delta
            self.changed.add(entry)

    def _settle(self) -> None:
        """Add the full cells to the sums."""
        cells, self._full = self._full, []
        for entry, more in spread(self.register, cells).items():
            sums = self._sums.get(entry)
            self._sums[entry] = list(more) if sums is None else list(map(add, sums, more))
            self.changed.add(entry)


def counts_in(sums: list[int], period: str) -> dict[str, int]:
    """Sums by name, zeros left out, with the verdicts that hold for a period of that kind under plain names."""
    return {name: sums[place] for name, place in _PLACES[period_kind(period)] if sums[place]}


def _places(kind: str) -> list[tuple[str, int]]:
    verdicts = [(name, PLACE[f"{name}_{NOW if kind == ALL else kind}"]) for name in AT_HORIZONS]
    return verdicts + [(counter.name, place) for place, counter in enumerate(COUNTERS) if counter.name in READ_AS]


def _text(key: TallyKey) -> str:
    if key.kind is Kind.CELL:
        return cell_key(key.partition, key.generation, key.unit, key.day)
    if key.kind is Kind.USE:
        return use_key(key.partition, key.generation, *use_of(key))
    return sign_key(key.partition, key.generation, key.kind)


_PLACES: Final = {kind: _places(kind) for kind in (ALL, *PERIOD_KINDS)}
