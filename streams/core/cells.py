"""The cells of one partition: counts by unit and civil day, and what of them is still to be told."""

from collections.abc import Iterator
from typing import NamedTuple

from streams.core.counters import ALLOWED_MINUTES, COMPARED_MINUTES, TIMED_MINUTES, WIDTH, difference

CellKey = tuple[str, int]  # unit as sent, day number


class CellUpdate(NamedTuple):
    """The counts of a cell, by place, after a change."""

    unit: str
    day: int
    counts: tuple[int, ...]


class Marker(NamedTuple):
    """All cells that changed before `clock` (micros) have been told; as of T hold those before the last marker by T."""

    clock: int


class Cells:
    """Counts that change by differences of contributions, told as absolute values."""

    def __init__(self) -> None:
        self._counts: dict[CellKey, list[int]] = {}
        self._dirty: set[CellKey] = set()
        self._told: list[CellUpdate | Marker] = []
        self._marked = 0  # the last marker told
        self._unmarked = False  # cells were told after it

    def __len__(self) -> int:
        return len(self._counts)

    def items(self) -> Iterator[tuple[CellKey, list[int]]]:
        """Every cell with its counts by place."""
        yield from self._counts.items()

    def updates(self) -> list[CellUpdate]:
        """Every cell, for whoever takes the partition over."""
        return [CellUpdate(unit, day, tuple(counts)) for (unit, day), counts in self._counts.items()]

    @property
    def changed(self) -> bool:
        """True while a change has not been told, or not been marked."""
        return bool(self._dirty) or self._unmarked

    def shift(self, old: CellKey, new: CellKey, old_bits: int, new_bits: int) -> None:
        """A case added `old_bits` to one cell and now adds `new_bits` to another, or the same."""
        if old == new:
            if old_bits != new_bits:
                self.add(new, old_bits, new_bits)
            return
        if old_bits:
            self.add(old, old_bits, 0)
        if new_bits:
            self.add(new, 0, new_bits)

    def add(self, cell: CellKey, old_bits: int, new_bits: int) -> None:
        """A case added `old_bits` to a cell and now adds `new_bits`."""
        counts = self._counts.get(cell)
        if counts is None:
            counts = self._counts[cell] = [0] * WIDTH
        for place, sign in difference(old_bits, new_bits):
            counts[place] += sign
        self._dirty.add(cell)

    def measure(self, cell: CellKey, sign: int, used: int, allowed: int) -> None:
        """An ended case adds (+1), or no longer adds (-1), its working minutes used and allowed (0: not comparable)."""
        counts = self._counts.get(cell)
        if counts is None:
            counts = self._counts[cell] = [0] * WIDTH
        counts[TIMED_MINUTES] += sign * used
        if allowed:
            counts[COMPARED_MINUTES] += sign * used
            counts[ALLOWED_MINUTES] += sign * allowed
        self._dirty.add(cell)

    def tell(self, clock: int, *, late: bool = False) -> None:
        """Snapshot what changed, with a marker at `clock`; `late` puts it first, for what came at the very hour."""
        if late and self._marked < clock:
            self._told.append(Marker(clock))
        self._told += [CellUpdate(unit, day, tuple(self._counts[unit, day])) for unit, day in self._dirty]
        self._dirty.clear()
        if not late:
            self._told.append(Marker(clock))
        self._marked, self._unmarked = clock, late

    def take_told(self) -> list[CellUpdate | Marker]:
        """Snapshots and markers in order, since this was last asked."""
        taken, self._told = self._told, []
        return taken
