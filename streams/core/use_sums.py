"""Sums of the cells of a unit, procedure and month over partitions, units above, and months, quarters and years."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

from streams.core.civil import day_number, period_kind
from streams.core.procedures import Uses
from streams.core.register import UNREGISTERED, Register
from streams.core.spreading import entries_of
from streams.core.tallies import TallyKey, use_key
from streams.core.uses import PERIODS, Packed, UseKey, uses_in

EntryKey = tuple[str, str]  # period, unit
_NOTHING: Final[dict[str, Packed]] = {}


class UseSums:
    """What the dossiers of each procedure count for, by period and unit: with the units below it, and of its own.

    Only counts that are not 0 are kept.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._parents = {unit.parent for unit in register.units}
        self._sums: dict[EntryKey, dict[str, Packed]] = {}
        self._own: dict[EntryKey, dict[str, Packed]] = {}  # of units with units below them
        self._below: dict[EntryKey, set[str]] = {}
        self._entries: dict[tuple[str, str], tuple[EntryKey, ...]] = {}
        self.kept: dict[EntryKey, Any] = {}
        """What was made of an entry, for as long as no cell that adds to it changes."""

    def add(self, cell: UseKey, change: Packed) -> tuple[EntryKey, ...]:
        """A cell changes by `change`; the entries (period, unit) that it adds to."""
        unit, procedure, month = cell
        entries = self.entries_of(unit, month)
        for entry in entries:
            _add(self._sums, entry, procedure, change)
            self.kept.pop(entry, None)
        own = self._register.canonical(unit)
        if own in self._parents:
            for entry in entries:
                if entry[1] == own:
                    _add(self._own, entry, procedure, change)
        return entries

    def entries_of(self, unit: str, month: str) -> tuple[EntryKey, ...]:
        """Every (period, unit) that a cell adds to: its unit and all above it, by the register as of a period's end."""
        found = self._entries.get((unit, month))
        if found is None:
            found = self._entries[unit, month] = tuple(_entries_of(self._register, unit, month))
            for (period, below), (same, above) in pairwise(found):
                if period == same:  # the chain of a period, from the unit to the root
                    self._below.setdefault((period, above), set()).add(below)
        return found

    def uses(self, period: str, unit: str) -> Uses:
        """Counters of a unit with all below it by procedure, zeros left out; none for a week."""
        return _named(self._sums.get((period, unit), _NOTHING), period)

    def own_uses(self, period: str, unit: str) -> Uses:
        """The same of the dossiers that the unit itself decides."""
        return _named(self.own(period, unit), period)

    def own(self, period: str, unit: str) -> Mapping[str, Packed]:
        """The same, packed."""
        held = self._own if unit in self._parents else self._sums
        return {} if unit == UNREGISTERED else held.get((period, unit), _NOTHING)

    def below(self, period: str, unit: str) -> Iterable[str]:
        """The units directly below that have, or had, cells in a period, themselves or below them."""
        return self._below.get((period, unit), ())


class UseTallies(UseSums):
    """The same from the records of source partitions: of each the generation that counts, and those to come."""

    def __init__(self, register: Register) -> None:
        super().__init__(register)
        self._held: dict[int, dict[UseKey, Packed]] = {}  # by source partition
        self._coming: dict[tuple[int, int], dict[UseKey, Packed]] = {}  # by source partition and generation

    def take(self, key: TallyKey, counts: Packed, generation: int) -> Iterable[EntryKey]:
        """Take in a cell while `generation` is the one of its partition that counts; the entries that changed."""
        if key.generation > generation:
            self._coming.setdefault((key.partition, key.generation), {})[use_of(key)] = counts
            return ()
        return self._replace(self._held.setdefault(key.partition, {}), use_of(key), counts)

    def promote(self, partition: int, old: int, generation: int) -> tuple[set[EntryKey], set[str]]:
        """From now on `generation` counts in place of `old`: entries that changed, keys of `unit-tallies` to delete."""
        held = self._held.setdefault(partition, {})
        cells = self._coming.pop((partition, generation), {})
        obsolete = {use_key(partition, old, *cell) for cell in held}
        changed: set[EntryKey] = set()
        for cell in [cell for cell in held if cell not in cells]:
            changed.update(self._replace(held, cell, 0))
            del held[cell]
        for cell, counts in cells.items():
            changed.update(self._replace(held, cell, counts))
        for of, number in [key for key in self._coming if key[0] == partition and key[1] < generation]:
            obsolete |= {use_key(of, number, *cell) for cell in self._coming.pop((of, number))}
        return changed, obsolete

    def cells(self) -> Iterator[tuple[UseKey, Packed]]:
        """Every cell that counts, summed over partitions."""
        sums: dict[UseKey, Packed] = {}
        for held in self._held.values():
            for cell, counts in held.items():
                sums[cell] = sums.get(cell, 0) + counts
        yield from sums.items()

    def _replace(self, held: dict[UseKey, Packed], cell: UseKey, counts: Packed) -> Iterable[EntryKey]:
        change = counts - held.get(cell, 0)
        held[cell] = counts
        return self.add(cell, change) if change else ()


def use_of(key: TallyKey) -> UseKey:
    """The cell of a record of the second family."""
    return key.unit, key.procedure, key.month


def _add(sums: dict[EntryKey, dict[str, Packed]], entry: EntryKey, procedure: str, change: Packed) -> None:
    held = sums.get(entry)
    if held is None:
        held = sums[entry] = {}
    counts = held.get(procedure)
    counts = change if counts is None else counts + change
    if counts:
        held[procedure] = counts
    else:
        held.pop(procedure, None)


def _entries_of(register: Register, unit: str, month: str) -> Iterator[EntryKey]:
    day = day_number(date.fromisoformat(f"{month}-01"))
    return (entry for entry in entries_of(register, unit, day) if period_kind(entry[0]) in PERIODS)


def _named(held: Mapping[str, Packed], period: str) -> Uses:
    kind = period_kind(period)
    return {procedure: uses_in(counts, kind) for procedure, counts in held.items()} if kind in PERIODS else {}
