"""The cells of one partition, by unit and civil day, and by unit, procedure and month; what is still to be told."""

from collections.abc import Iterator
from sys import intern
from typing import NamedTuple, TypeAlias

from streams.core.counters import ALLOWED_MINUTES, COMPARED_MINUTES, TIMED_MINUTES, WIDTH, difference
from streams.core.statements import Statement
from streams.core.uses import Packed, Place, UseUpdate, month_of, packed, use_difference

CellKey = tuple[str, int]  # unit as sent, day number


class CellUpdate(NamedTuple):
    """The counts of a cell, by place, after a change."""

    unit: str
    day: int
    counts: tuple[int, ...]


class Marker(NamedTuple):
    """All cells that changed before `clock` (micros) have been told; as of T hold those before the last marker by T."""

    clock: int


Told: TypeAlias = CellUpdate | UseUpdate | Statement | Marker


class Cells:
    """Counts that change by differences of contributions, told as absolute values."""

    def __init__(self) -> None:
        self._counts: dict[CellKey, list[int]] = {}
        self._dirty: set[CellKey] = set()
        self._uses: dict[tuple[str, str], tuple[dict[str, Packed], set[str]]] = {}  # by unit and month, then procedure
        self._dirty_uses: list[tuple[str, str]] = []
        self._stated: dict[str, Statement] = {}
        self._told: list[Told] = []
        self._marked = 0  # the last marker told
        self._unmarked = False  # cells were told after it

    def __len__(self) -> int:
        return len(self._counts)

    def items(self) -> Iterator[tuple[CellKey, list[int]]]:
        """Every cell of a unit and day with its counts by place."""
        yield from self._counts.items()

    def updates(self) -> Iterator[CellUpdate | UseUpdate]:
        """Every cell, for whoever takes the partition over."""
        for (unit, day), counts in self._counts.items():
            yield CellUpdate(unit, day, tuple(counts))
        for (unit, month), (used, _) in self._uses.items():
            for procedure, packed_counts in used.items():
                yield UseUpdate(unit, procedure, month, packed_counts)

    @property
    def changed(self) -> bool:
        """True while a change has not been told, or not been marked."""
        return bool(self._dirty or self._dirty_uses or self._stated) or self._unmarked

    def state(self, statement: Statement) -> None:
        """From now on this holds."""
        self._stated[statement.key] = statement

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

    def measure(self, old: tuple[str, int, int, int], new: tuple[str, int, int, int]) -> None:
        """A case added working minutes (unit, day of the end, used, allowed) and now adds others, or in another cell.

        Minutes of 0 are not known.
        """
        if old == new or not (old[2] or old[3] or new[2] or new[3]):
            return
        for (unit, day, used, allowed), sign in ((old, -1), (new, 1)):
            if used or allowed:
                self._measured((unit, day), sign, used, allowed)

    def _measured(self, cell: CellKey, sign: int, used: int, allowed: int) -> None:
        counts = self._counts.get(cell)
        if counts is None:
            counts = self._counts[cell] = [0] * WIDTH
        counts[TIMED_MINUTES] += sign * used
        if allowed:
            counts[COMPARED_MINUTES] += sign * used
            counts[ALLOWED_MINUTES] += sign * allowed
        self._dirty.add(cell)

    def move_use(  # noqa: PLR0917 - called for every other fact, and keywords cost
        self, place: Place, day: int, bits: int, new_place: Place, new_day: int, new_bits: int
    ) -> None:
        """A dossier added `bits` for a procedure in the month of `day`, and now adds others, maybe elsewhere."""
        if bits:
            month = month_of(day)
            if new_bits and place == new_place and (day == new_day or month == month_of(new_day)):
                self.use(place, month, use_difference(bits, new_bits))
                return
            self.use(place, month, use_difference(bits, 0))
        if new_bits:
            self.use(new_place, month_of(new_day), packed(new_bits))

    def use(self, place: Place, month: str, change: Packed) -> None:
        """What the dossiers of a unit and procedure count for in a month changes by `change`."""
        unit, procedure = place
        cell = self._uses.get((unit, month))
        if cell is None:
            cell = self._uses[unit, month] = {}, set()
        counts, dirty = cell
        before = counts.get(procedure)
        if before is None:
            procedure = intern(procedure)  # many cells, few codes
            counts[procedure] = change
        else:
            counts[procedure] = before + change
        if not dirty:
            self._dirty_uses.append((unit, month))
        dirty.add(procedure)

    def tell(self, clock: int, *, late: bool = False) -> None:
        """Snapshot what changed, with a marker at `clock`; `late` puts it first, for what came at the very hour."""
        if late and self._marked < clock:
            self._told.append(Marker(clock))
        self._told += [CellUpdate(unit, day, tuple(self._counts[unit, day])) for unit, day in self._dirty]
        self._dirty.clear()
        for unit, month in self._dirty_uses:
            used, dirty = self._uses[unit, month]
            self._told += [UseUpdate(unit, procedure, month, used[procedure]) for procedure in dirty]
            dirty.clear()
        self._dirty_uses.clear()
        self._told += self._stated.values()
        self._stated.clear()
        if not late:
            self._told.append(Marker(clock))
        self._marked, self._unmarked = clock, late

    def take_told(self) -> list[Told]:
        """Snapshots and markers in order, since this was last asked."""
        taken, self._told = self._told, []
        return taken
