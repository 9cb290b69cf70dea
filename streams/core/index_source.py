"""What INDEX holds of one source partition."""

from typing import TypeAlias

from streams.core.tallies import ClockValue, Kind, cell_key, sign_key, stated_key

CellKey: TypeAlias = tuple[str, int]  # unit as sent, day


class Source:
    """Cells of one source partition: those of the generation that counts, and newer ones not complete yet."""

    def __init__(self) -> None:
        self.generation = -1
        self.cells: dict[CellKey, list[int]] = {}
        self.clock: ClockValue | None = None
        self.account: ClockValue | None = None  # what was accounted for last; no older than the clock
        self.coming: dict[int, dict[CellKey, list[int]]] = {}
        self.coming_clock: dict[int, ClockValue] = {}
        self.stated: dict[int, set[str]] = {}  # by generation; what is stated counts by its own stamp

    def forget_before(self, partition: int, generation: int) -> set[str]:
        """Drop what generations before one have told that never came to count; the keys that say nothing any more."""
        gone: set[str] = set()
        for old in [old for old in self.coming if old < generation]:
            gone |= {cell_key(partition, old, *cell) for cell in self.coming.pop(old)}
        for old in [old for old in self.coming_clock if old < generation]:
            gone.add(sign_key(partition, old, Kind.CLOCK))
            del self.coming_clock[old]
        for old in [old for old in self.stated if old < generation]:
            gone |= {stated_key(partition, old, about) for about in self.stated.pop(old)}
        return gone
