"""The desk of one unit: what is under way there, in the order of time, and the queue before its staff."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias

from simulators.world.procedures import Procedure
from simulators.world.terms import Term
from simulators.world.units import Office
from simulators.world.working_time import ZONE, Times, day_of, midnight
from streams.core.events import KINDS, Channel, Event, PaymentPaid, PaymentRequested, Rated, ResultReturned
from streams.core.petitions import Petition
from streams.core.references import Reference

ENDS: Final = ("finished", "returned", "stopped", "withdrawn")
"""Kinds of events that end a dossier, the preferred first."""
_DETAILS: Final[dict[type[Event], dict[str, str]]] = {
    PaymentRequested: {"amount_class": "fee"},
    PaymentPaid: {"amount_class": "fee", "by": "paid_by"},
    Rated: {"score": "score"},
    ResultReturned: {"by": "returned_by"},
}
"""What events say beside their moment, and what the dossier keeps it as."""
_KIND: Final = {kind: str(kind.__struct_config__.tag) for kind in KINDS}


@dataclass(slots=True, eq=False)
class Round:
    """One round of supplement; instants in seconds, None while it waits or where no new date was stated."""

    asked: int
    completed: int | None = None
    appointment: int | None = None


@dataclass(slots=True, eq=False)
class Dossier:
    """One dossier under way; instants in seconds, `work` (left for the staff) in seconds of working time.

    All but `gone` and the instants of its steps are by the clock of the unit's software, which may be wrong: what it
    states, and what dates follow from.  `promised` is the due date stated first (None: the software states none),
    `computed` the one by its term, `late_after` the last instant at which it is in time as it stands; `rounds` of
    supplement are asked, completed and the new appointment; `moments` what has been told of it, the last of each kind,
    `details` what was said with it.
    `gone` is when it is withdrawn, unless it ends before; `reopens` says that it will go back after its end; `laid` is
    how much of it lies on the desk, and `beyond` whether something would still come after the end.
    """

    procedure: Procedure
    channel: Channel
    term: Term
    work: float
    code: str = ""
    unit: str = ""
    received_by: str = ""
    accepted: int = 0
    promised: int | None = None
    promise: str = ""
    computed: int = 0
    late_after: int = 0
    rounds: list[Round] = field(default_factory=list)
    moments: dict[str, int] = field(default_factory=dict)
    details: dict[str, int | str] = field(default_factory=dict)
    gone: int | None = None
    reopens: bool = False
    beyond: bool = False
    laid: int = 0
    events: int = 0

    def ended(self) -> int | None:
        """The end that holds by what has been told, if any; one before it was reopened does not."""
        told = self.moments
        ends = [told[kind] for kind in ENDS if kind in told and told[kind] >= told.get("reopened", 0)]
        return ends[0] if ends else None


@dataclass(slots=True, eq=False)
class Plea:
    """One petition under way: what was stated of it last, and how often; the rest as of a dossier."""

    code: str
    last: Petition | None = None
    statements: int = 0
    beyond: bool = False
    laid: int = 0


Step: TypeAlias = Callable[[int, Dossier], None]


class Told(NamedTuple):
    """Instant (seconds), unit, a number within the unit: in this order events of many units merge."""

    at: int
    unit: str
    number: int
    event: Event
    dossier: Dossier


class Stated(NamedTuple):
    """The same of what is stated beside dossiers: `about` is the petition, where it is of one."""

    at: int
    unit: str
    number: int
    said: Reference
    about: Plea | None


class Served(NamedTuple):
    """When staff takes a dossier up and when they have done their part, in seconds."""

    begins: int
    ends: int


class Desk:
    """What happens at one unit from an instant up to, not including, another (seconds).

    Things are laid on it for an instant that has not passed, and come off in the order of time; what lies beyond the
    end is never laid on.  So it holds the dossiers under way, in `open`, and no others; `closed` is told each of which
    nothing more will be said.  The same of petitions: `pleas` and `settled`.
    """

    def __init__(self, office: Office, times: Times, begin: int, end: int) -> None:
        self.office, self.time, self.times, self._end = office, times.true, times, end
        self._heap: list[tuple[int, int, Dossier, Event | Step]] = []
        self._beside: list[tuple[int, int, Reference, Plea | None]] = []
        self._number = 0
        self.open: dict[str, Dossier] = {}
        self.closed: Callable[[Dossier], None] = lambda _: None
        self.pleas: dict[str, Plea] = {}
        self.settled: Callable[[Plea], None] = lambda _: None
        self._free = [begin] * office.staff  # when each of the staff has time again

    def unit_at(self, at: int) -> str:
        """The unit that it is at an instant: another one after a merger."""
        merges = self.office.merges
        return self.office.code if merges is None or at < merges[0] else merges[1]

    def stated(self, at: int) -> int:
        """An instant by the clock of the unit's software."""
        return at + self.office.clock

    def tell(self, dossier: Dossier, at: int, kind: type[Event], **said: object) -> None:
        """Let an event be told at `at`; it says the moment by the software's clock."""
        if at >= self._end:
            dossier.beyond = True
        else:
            self._number += 1
            dossier.laid += 1
            when = moment(at + self.office.clock)
            event = kind(dossier=dossier.code, at=when, source=self.office.software.name, **said)  # type: ignore[arg-type]
            heapq.heappush(self._heap, (at, self._number, dossier, event))

    def then(self, at: int, step: Step, dossier: Dossier) -> None:
        """Let a step of a dossier be taken at `at`."""
        if at >= self._end:
            dossier.beyond = True
        else:
            self._number += 1
            dossier.laid += 1
            heapq.heappush(self._heap, (at, self._number, dossier, step))

    def state(self, at: int, said: Reference, about: Plea | None = None) -> None:
        """Let something beside the dossiers be stated at `at`; what it says is by the software's clock already."""
        if at < self._end:
            self._number += 1
            heapq.heappush(self._beside, (at, self._number, said, about))
        if about is not None:
            about.beyond |= at >= self._end
            about.laid += at < self._end

    def serve(self, now: int, work: float) -> Served:
        """Put `work` (seconds of working time) into the queue at `now`: first come, first served."""
        begins = self.time.after(max(now, heapq.heappop(self._free)), 0)
        ends = self.time.after(begins, work)
        heapq.heappush(self._free, ends)
        return Served(begins, ends)

    def clear(self, until: int) -> Iterator[Told | Stated]:
        """Everything before `until` in the order of time."""
        heap, code, clock, pop = self._heap, self.office.code, self.office.clock, heapq.heappop
        beside = self._beside
        while heap and heap[0][0] < until:
            if beside and beside[0][0] <= heap[0][0]:
                yield self._stated()
                continue
            at, number, dossier, what = pop(heap)
            if isinstance(what, Event):
                dossier.moments[_KIND[type(what)]] = at + clock
                for said, kept in _DETAILS.get(type(what), {}).items():
                    dossier.details[kept] = getattr(what, said)
                dossier.events += 1
                yield Told(at, code, number, what, dossier)
            else:
                what(at, dossier)
            dossier.laid -= 1
            if not dossier.laid and not dossier.beyond:
                self.open.pop(dossier.code, None)
                self.closed(dossier)
        while beside and beside[0][0] < until:
            yield self._stated()

    def _stated(self) -> Stated:
        at, number, said, about = heapq.heappop(self._beside)
        if about is not None and isinstance(said, Petition):
            about.last, about.statements, about.laid = said, about.statements + 1, about.laid - 1
            if not about.laid and not about.beyond:
                self.pleas.pop(about.code, None)
                self.settled(about)
        return Stated(at, self.office.code, number, said, about)


def moment(instant: int) -> datetime:
    """An instant (seconds) as events have it."""
    return datetime.fromtimestamp(instant, ZONE)


def days_between(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Day numbers that lie wholly or partly in a span of instants, each with the first instant after it."""
    day = day_of(begin)
    while midnight(day) < end:
        yield day, min(midnight(day + 1), end)
        day += 1
