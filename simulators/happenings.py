"""What a scenario lets happen beside the ordinary: one type each, told as incidents of units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import msgspec

from simulators.world.units import Office
from simulators.world.working_time import Calendar, WorkingTime, day_of
from streams.core.civil import DAY, HOUR, date_of

SURGE: Final = "surge"
SILENT: Final = "silent"
BULK: Final = "bulk_closing"
MERGER: Final = "merger"
CLOCK: Final = "clock"
CALENDAR: Final = "calendar"
PERFECT: Final = "perfect"
PETITIONS: Final = "petitions"
_SATURDAY: Final = 5


class Incident(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that happens at a unit (empty: at all), from an instant until another (seconds).

    `amount` is how much of it: of a surge its factor, of a clock the seconds that it is ahead, of a calendar the day
    number that becomes a day off, of petitions how many more a day.  `other` is the unit that a merger leads into.
    """

    kind: str
    unit: str
    begins: int
    ends: int
    amount: float = 0.0
    other: str = ""


class Ground(NamedTuple):
    """Where things happen: codes of communes in order, units with their habits, first instant and the one after."""

    communes: Sequence[str]
    offices: Sequence[Office]
    begins: int
    ends: int
    time: WorkingTime

    def day(self, number: int) -> int:
        """First instant of a day of the simulation (from 0), at most the end."""
        return min(self.begins + number * DAY, self.ends)

    def commune(self, share: float) -> str:
        """The commune at a share of their order."""
        return self.communes[min(int(len(self.communes) * share), len(self.communes) - 1)]


class Surge(msgspec.Struct, frozen=True, kw_only=True, tag="surge"):
    """At one commune, the middle one of those simulated, `factor` times as much arrives; its staff stays the same.

    From day `first` of the simulation (from 0) up to, not including, day `until` (None: to the end).
    """

    factor: float
    first: int
    until: int | None = None

    def incidents(self, ground: Ground) -> Iterator[Incident]:
        """One, at that commune."""
        begins, ends = ground.day(self.first), ground.ends if self.until is None else ground.day(self.until)
        if ground.communes and begins < ends:
            yield Incident(SURGE, ground.communes[len(ground.communes) // 2], begins, ends, self.factor)


class Silence(msgspec.Struct, frozen=True, kw_only=True, tag="silence"):
    """A source, `software`, sends nothing on day `first`, and everything at once when the day is over."""

    software: str
    first: int

    def incidents(self, ground: Ground) -> Iterator[Incident]:
        """One for each unit that uses it."""
        begins, ends = ground.day(self.first), ground.day(self.first + 1)
        for office in ground.offices:
            if office.software.name == self.software and begins < ends:
                yield Incident(SILENT, office.code, begins, ends)


class BulkClosing(msgspec.Struct, frozen=True, kw_only=True, tag="bulk_closing"):
    """On the evening of the last day, at `hour`, one commune finishes by a few clicks whatever is open there."""

    hour: int = 21

    def incidents(self, ground: Ground) -> Iterator[Incident]:
        """One, at the middle commune."""
        if ground.communes:
            yield Incident(BULK, ground.commune(0.5), ground.ends - DAY + self.hour * HOUR, ground.ends)


class Merger(msgspec.Struct, frozen=True, kw_only=True, tag="merger"):
    """On day `first` one commune becomes part of its neighbour, which takes over what is open.

    Fewer come in the days before, more in the days after, with papers to be changed.
    """

    first: int
    before: float = 0.7
    after: float = 1.6
    days: int = 7

    def incidents(self, ground: Ground) -> Iterator[Incident]:
        """The merger, and the lull and the rush at both."""
        if len(ground.communes) < 2:
            return
        place = max(len(ground.communes) // 2, 1)
        into, merged = ground.communes[place - 1 : place + 1]
        turn = ground.day(self.first)
        yield Incident(MERGER, merged, turn, ground.ends, other=into)
        for unit in (into, merged):
            yield Incident(SURGE, unit, ground.day(max(self.first - self.days, 0)), turn, self.before)
            yield Incident(SURGE, unit, turn, ground.day(self.first + self.days), self.after)


class WrongClocks(msgspec.Struct, frozen=True, kw_only=True, tag="wrong_clocks"):
    """The software of two communes has a wrong clock, one slow and one fast by so many seconds."""

    seconds: int = HOUR

    def incidents(self, ground: Ground) -> Iterator[Incident]:
        """One each."""
        if len(ground.communes) > 1:
            yield Incident(CLOCK, ground.commune(0.33), ground.begins, ground.ends, -self.seconds)
            yield Incident(CLOCK, ground.commune(0.67), ground.begins, ground.ends, self.seconds)


class CalendarChange(msgspec.Struct, frozen=True, kw_only=True, tag="calendar_change"):
    """On day `known` it becomes known that the first office day from day `off` on is off, a Saturday later worked."""

    known: int
    off: int

    def incidents(self, ground: Ground) -> Iterator[Incident]:
        """One for all units, from when it is known."""
        day = next(
            day for day in range(day_of(ground.day(self.off)), day_of(ground.ends) + 7) if ground.time.works(day)
        )
        yield Incident(CALENDAR, "", ground.day(self.known), ground.ends, float(day))


class Unanswered(msgspec.Struct, frozen=True, kw_only=True, tag="unanswered"):
    """At one commune `daily` more petitions a day come in from day `first` on, and none of them is answered."""

    first: int
    daily: float = 2.0

    def incidents(self, ground: Ground) -> Iterator[Incident]:
        """One, at the middle commune."""
        begins = ground.day(self.first)
        if ground.communes and begins < ground.ends:
            yield Incident(PETITIONS, ground.commune(0.5), begins, ground.ends, self.daily)


class Perfect(msgspec.Struct, frozen=True, kw_only=True, tag="perfect"):
    """Everyone has time, nothing is forgotten, nobody complains."""

    def incidents(self, ground: Ground) -> Iterator[Incident]:
        """One for all units."""
        yield Incident(PERFECT, "", ground.begins, ground.ends)


class Planned(msgspec.Struct, frozen=True, kw_only=True, tag="planned"):
    """Exactly what a caller has decided."""

    told: tuple[Incident, ...]

    def incidents(self, ground: Ground) -> Iterator[Incident]:  # noqa: ARG002  nothing depends on where
        """All of them."""
        yield from self.told


Happening: TypeAlias = (
    Surge | Silence | BulkClosing | Merger | WrongClocks | CalendarChange | Unanswered | Perfect | Planned
)


def changed(calendar: Calendar, off: int) -> Calendar:
    """The calendar with one more day off, and the next free Saturday worked instead."""
    saturday = next(
        day for day in range(off + 1, off + 30) if date_of(day).weekday() == _SATURDAY and not calendar.works(day)
    )
    return calendar.with_swap(date_of(off), date_of(saturday))


def perfect(office: Office) -> Office:
    """The unit as it would be if nothing ever went wrong."""
    every = dict.fromkeys(("digitises", "reuses", "links", "uses_population_data", "identifies", "issues_online"), 1.0)
    every |= dict.fromkeys(("synchronises", "pays_online", "apologises", "at_centre"), 1.0)
    never = dict.fromkeys(("refuses", "asks", "reappoints", "reopens", "complaints", "slips"), 0.0)
    quick = {"pace": office.pace * 0.3, "slowness": 0.1}
    return msgspec.structs.replace(office, **every, **never, **quick)
