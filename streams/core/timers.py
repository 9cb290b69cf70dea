"""When each case changes with no new fact: timers in buckets of an hour, eight bytes a case until their hour comes."""

from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from typing import Final

from streams.core.civil import HOUR, MICROS

_BUCKET: Final = HOUR * MICROS
NEVER: Final = (1 << 63) - 1  # micros

NextOf = Callable[[str], int]  # the instant (micros) at which a case really changes next


class Timers:
    """Cases by the instant (micros) of their next change.

    Entries may be stale, since a case that changes is pushed again and never removed; `next_of` tells the truth when
    an hour is opened, and whoever takes a case that is due looks once more.
    """

    def __init__(self, next_of: NextOf) -> None:
        self._next_of = next_of
        self._buckets: dict[int, list[str]] = {}
        self._order: list[int] = []
        self._exact: list[tuple[int, str]] = []
        self._opened = -1

    def push(self, instant: int, case: str) -> None:
        """`case` changes at `instant`; one that never changes is not kept."""
        if instant >= NEVER:
            return
        bucket = instant // _BUCKET
        if bucket <= self._opened:
            heappush(self._exact, (instant, case))
            return
        held = self._buckets.get(bucket)
        if held is None:
            self._buckets[bucket] = [case]
            heappush(self._order, bucket)
        else:
            held.append(case)

    def peek(self, limit: int = NEVER) -> int:
        """The earliest instant up to `limit` at which a case changes; NEVER when none does.

        Opens no hour that begins after `limit`: what is pushed into an opened hour takes eight times the memory.
        """
        while True:
            while self._exact:
                instant, case = self._exact[0]
                if self._next_of(case) == instant:
                    return instant if instant <= limit else NEVER
                heappop(self._exact)
            if not self._order or self._order[0] * _BUCKET > limit:
                return NEVER
            self._open()

    def due(self, limit: int) -> Iterator[str]:
        """Takes out every case that changes up to `limit`, once each; the caller pushes what changes again."""
        taken: set[str] = set()
        while self.peek(limit) <= limit:
            case = heappop(self._exact)[1]
            if case not in taken:
                taken.add(case)
                yield case

    def _open(self) -> None:
        bucket = heappop(self._order)
        held = set(self._buckets.pop(bucket))
        exact = [(instant, case) for case in held if (instant := self._next_of(case)) // _BUCKET == bucket]
        if self._exact:
            exact += self._exact
        heapify(exact)
        self._exact = exact
        self._opened = bucket

    def __len__(self) -> int:
        return len(self._exact) + sum(len(held) for held in self._buckets.values())
