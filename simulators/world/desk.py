"""The desk of one unit: what is under way there, in the order of time, and the queue before its staff."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from simulators.world.procedures import Procedure
from simulators.world.units import Office
from simulators.world.working_time import ZONE, WorkingTime, day_of, midnight
from streams.core.events import Channel, Event


@dataclass(slots=True)
class Dossier:
    """One dossier under way; instants in seconds, `work` (left for the staff) in seconds of working time.

    `late_after` is the last instant at which it is in time; `gone` when it is withdrawn, unless it ends before.
    """

    code: str
    procedure: Procedure
    channel: Channel
    work: float
    accepted: int = 0
    due: int = 0
    late_after: int = 0
    asked: int = 0
    rounds: int = 0
    asks_again: bool = False
    gone: int | None = None


Step: TypeAlias = Callable[[int, Dossier], None]
Told: TypeAlias = tuple[int, str, int, Event]
"""Instant (seconds), unit, a number within the unit, and the event: in this order events of many units merge."""


class Served(NamedTuple):
    """When staff takes a dossier up and when they have done their part, in seconds."""

    begins: int
    ends: int


class Desk:
    """What happens at one unit from an instant up to, not including, another (seconds).

    Things are laid on it for an instant that has not passed, and come off in the order of time; what lies beyond the
    end is never laid on.  So it holds the dossiers under way and no others.
    """

    def __init__(self, office: Office, time: WorkingTime, begin: int, end: int) -> None:
        self.office, self.time, self._end = office, time, end
        self._heap: list[tuple[int, int, Event | tuple[Step, Dossier]]] = []
        self._number = 0
        self._free = [begin] * office.staff  # when each of the staff has time again

    def tell(self, event: Event, at: int) -> None:
        """Let an event be told at `at`, which is the event's own moment."""
        if at < self._end:
            self._number += 1
            heapq.heappush(self._heap, (at, self._number, event))

    def then(self, at: int, step: Step, dossier: Dossier) -> None:
        """Let a step of a dossier be taken at `at`."""
        if at < self._end:
            self._number += 1
            heapq.heappush(self._heap, (at, self._number, (step, dossier)))

    def serve(self, now: int, work: float) -> Served:
        """Put `work` (seconds of working time) into the queue at `now`: first come, first served."""
        begins = self.time.after(max(now, heapq.heappop(self._free)), 0)
        ends = self.time.after(begins, work)
        heapq.heappush(self._free, ends)
        return Served(begins, ends)

    def clear(self, until: int) -> Iterator[Told]:
        """Everything before `until` in the order of time."""
        heap, code, pop = self._heap, self.office.code, heapq.heappop
        while heap and heap[0][0] < until:
            at, number, what = pop(heap)
            if isinstance(what, tuple):
                step, dossier = what
                step(at, dossier)
            else:
                yield at, code, number, what


def moment(instant: int) -> datetime:
    """An instant (seconds) as events have it."""
    return datetime.fromtimestamp(instant, ZONE)


def days_between(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Day numbers that lie wholly or partly in a span of instants, each with the first instant after it."""
    day = day_of(begin)
    while midnight(day) < end:
        yield day, min(midnight(day + 1), end)
        day += 1
