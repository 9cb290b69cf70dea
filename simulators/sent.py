"""What the software of one unit sends: events with delays, dirt and outages, by when they are sent or recorded."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from simulators.dirt import DIRT, OUTAGE, Case, Copy
from simulators.world.desk import Stated, Told
from simulators.world.dice import Dice
from simulators.world.units import Office
from simulators.world.working_time import day_of, midnight
from streams.core.civil import HOUR
from streams.core.declarations import DeclaredTotal
from streams.core.events import Event
from streams.core.petitions import Petition
from streams.core.procedures import Procedure
from streams.core.references import Reference

RECORD: Final = "="
EVENT: Final = "dossier-events"
PETITION: Final = "petitions"
PROCEDURE: Final = "procedures"
DECLARATION: Final = "declarations"
SYNC: Final = "dossier-sync"
TOPICS: Final = (EVENT, PETITION, PROCEDURE, DECLARATION)
"""The input topics that items go to, by their names in `streams.topics`."""
_TOPIC_OF: Final[dict[type[Reference], str]] = {
    Petition: PETITION,
    Procedure: PROCEDURE,
    DeclaredTotal: DECLARATION,
}


class Item(NamedTuple):
    """One thing in the order of `when` (seconds), unit and a number within it.

    `what` is an event or reference, or bytes where it is dirty; `dirt` its kind (empty: clean), `reason` why it must be
    rejected.  `dirt` is RECORD for a record of the truth, which is not sent.  `topic` is where it goes, `dossier` the
    code of the case that it is of, or the unit where it is of none; `at` when it happened.
    """

    when: int
    unit: str
    number: int
    what: Event | Reference | bytes
    dirt: str
    reason: str
    dossier: str
    at: int
    topic: str = EVENT


class Sender:
    """The way out of one unit.  Its dice are its own, so that the same happens with and without dirt."""

    def __init__(self, office: Office, dice: Dice, rates: Mapping[str, float], ends: int, *, log_order: bool) -> None:
        self._office, self._dice, self._ends, self._log_order = office, dice, ends, log_order
        self._soils = [(kind, rates[kind.name]) for kind in DIRT if kind.soil is not None and kind.name in rates]
        self._outage, self._soiled = rates.get(OUTAGE, 0.0), any(rates.values())
        self._day = -1
        self._silent: list[tuple[int, int, str]] = []
        self._outages: list[tuple[int, int, str]] = []
        self._heap: list[Item] = []
        self._number = 0

    def silence(self, begins: int, ends: int) -> None:
        """Let nothing be sent from an instant until another: an incident of the scenario."""
        self._silent.append((begins, ends, "silent"))

    def items(self, told: Iterable[Told | Stated]) -> Iterator[Item]:
        """What is sent of what is told, which comes in the order of time."""
        heap, clock = self._heap, self._office.clock if self._log_order else 0
        for one in told:
            now = one.at + clock
            while heap and heap[0].when < now:
                yield heapq.heappop(heap)
            self.pass_on(one)
        while heap:
            yield heapq.heappop(heap)

    def ready(self, before: int) -> Iterator[Item]:
        """What is sent before an instant."""
        while self._heap and self._heap[0].when < before:
            yield heapq.heappop(self._heap)

    def send(self, at: int, message: bytes, dirt: str, reason: str = "") -> None:
        """Send a national message at an instant, or when an outage is over."""
        at = min(at, self._ends - 1)
        sent, held = self._sent(at, at)
        self._number += 1
        unit = self._office.code
        heapq.heappush(self._heap, Item(sent, unit, self._number, message, dirt or held, reason, unit, at, SYNC))

    def record(self, at: int, line: bytes, topic: str = EVENT) -> None:
        """Lay a record of the truth among what is sent, at the instant from which it is known."""
        self._number += 1
        heapq.heappush(self._heap, Item(at, self._office.code, self._number, line, RECORD, "", "", at, topic))

    def pass_on(self, told: Told | Stated) -> None:
        """Lay what is told among what is sent, with delays and dirt."""
        dirt, copies = self._copies(told) if self._soils else ("", (Copy(told[3]),))
        topic, case = EVENT if isinstance(told, Told) else topic_of(told), _case_of(told)
        for copy in copies:
            at = min(told.at + copy.after, self._ends - 1)
            sent, held = self._sent(at, told.at)
            self._number += 1
            when = self._recorded(copy, told) if self._log_order else sent
            item = Item(
                when, self._office.code, self._number, copy.what, dirt or held, copy.reason, case, told.at, topic
            )
            heapq.heappush(self._heap, item)

    def _copies(self, told: Told | Stated) -> tuple[str, Iterable[Copy]]:
        drawn = self._dice.share()
        for kind, rate in self._soils:
            if drawn < rate:
                assert kind.soil is not None
                copies = tuple(kind.soil(Case(told, self._office, self._dice, self._ends)))
                return (kind.name, copies) if copies else ("", (Copy(told[3]),))
            drawn -= rate
        return "", (Copy(told[3]),)

    def _recorded(self, copy: Copy, told: Told | Stated) -> int:
        said = told[3] if isinstance(copy.what, bytes) else copy.what
        recorded = said.recorded or said.at if isinstance(said, Event) else said.recorded
        return int(recorded.timestamp())

    def _sent(self, at: int, told_at: int) -> tuple[int, str]:
        sent = at + int(self._dice.on(self._office.software.delays))
        if self._outage:
            self._draw_outage(told_at)
        for begins, ends, name in (*self._silent, *self._outages):
            if begins <= sent < ends:
                return min(ends, self._ends - 1), name
        return min(sent, self._ends - 1), ""

    def _draw_outage(self, at: int) -> None:
        """Once a day: does the software fail, from some hour of the morning on?"""
        day = day_of(at)
        while self._day < day:
            self._day = day if self._day < 0 else self._day + 1
            dice = self._dice
            if dice.chance(self._outage):
                begins = midnight(self._day) + dice.whole(7 * HOUR, 12 * HOUR)
                self._outages = [*self._outages[-1:], (begins, begins + dice.whole(2 * HOUR, 20 * HOUR), OUTAGE)]


def topic_of(stated: Stated) -> str:
    """The input topic of what is stated beside the dossiers."""
    return _TOPIC_OF[type(stated.said)]


def _case_of(told: Told | Stated) -> str:
    if isinstance(told, Told):
        return told.dossier.code
    return told.unit if told.about is None else told.about.code
