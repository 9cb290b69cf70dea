"""How many open dossiers of a unit will be late by when, and which: from its recent past and the working time left.

A plain method.  What was due in the last twenty working days teaches, the latest days most: how much of its working
time each dossier had used when it ended.  An open one that has used so much turns late as often as those did that had
used as much and were still open.  Where the unit now has more days of work before it than it had then (open dossiers
by ends a day), all of them take longer, by the square root of how many times more.  Dossiers that come in later add
what such have added.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import sqrt
from typing import Final, NamedTuple

from streams.core.calendar import Calendar, MissingYear
from streams.core.civil import MICROS

LEARNT_DAYS: Final = 20
"""Working days whose due dates teach."""
HALF_LIFE: Final = 5.0
"""After so many working days a lesson counts half."""
RECENT_DAYS: Final = 5
"""Working days over which throughput is taken."""
AHEAD_DAYS: Final = 5
"""Working days for which the error is measured."""
_PRIOR: Final = 5.0  # so many dossiers of all units beside those of the unit itself
_LEAST_LEAD: Final = 0.02  # working days; what has no time at all would use all of it at once
_STEADY_OPEN, _STEADY_ENDS = 5, 1  # so that the pace of a tiny unit does not jump
_PACES: Final = (0.5, 2.0)


class Dossier(NamedTuple):
    """One accepted dossier as of an instant (seconds): its last instant in time (None: it has none), its end if any."""

    code: str
    received: int
    due: int | None
    ended: int | None = None
    paused: bool = False


class Chance(NamedTuple):
    """How likely (0 to 1) an open dossier turns late, and when it would (seconds: its last instant in time)."""

    code: str
    due: int
    chance: float


class Forecast(NamedTuple):
    """Of one unit: working days ahead by the end of which (day number) so many are expected to have turned late.

    `chances` are those of the open dossiers due by the last of them, the likeliest first; `pace` is how many times
    longer work takes than it took those that it was learnt from.
    """

    days: tuple[int, ...]
    late: tuple[float, ...]
    chances: tuple[Chance, ...]
    pace: float
    learnt: int


class Lessons:
    """What those taught that were due in the last working days before an instant: shares of their time that they used.

    Positions are in working days from that instant.
    """

    def __init__(self, dossiers: Iterable[Dossier], calendar: Calendar, clock: int) -> None:
        now = clock // MICROS
        known: list[tuple[float, float, float]] = []  # used, weight, lead
        for one in dossiers:
            if one.due is None or one.due >= now or one.paused:
                continue
            try:
                due = calendar.working_days_between(now, one.due)
                if due < -LEARNT_DAYS:
                    continue
                known.append((*_used(one, due, calendar, now), _lead(one, calendar)))
            except MissingYear:
                continue
        known.sort()
        self._used = [used for used, _, _ in known]
        self._above = list(accumulate((weight for _, weight, _ in reversed(known)), initial=0.0))[::-1]
        self._weights = [(lead, weight) for _, weight, lead in known]
        self.count = len(known)

    def above(self, share: float) -> float:
        """The weight of those that had used more than this share of their time."""
        return self._above[bisect_right(self._used, share)]

    def late_leads(self, pace: float) -> list[tuple[float, float]]:
        """Working days allowed, and weight, of those that were late at this pace."""
        return self._weights[bisect_right(self._used, 1 / pace) :]

    def chance(self, used: float, pace: float, others: "Lessons") -> float:
        """How likely one that has used a share of its time turns late; with few lessons as likely as among `others`."""
        share = min(max(used, 0.0), 0.999) / pace
        prior = (others.above(1 / pace) + 0.5) / (others.above(share) + 1)
        return (self.above(1 / pace) + _PRIOR * prior) / (self.above(share) + _PRIOR)


def _lead(one: Dossier, calendar: Calendar) -> float:
    assert one.due is not None
    return max(calendar.working_days_between(one.received, one.due), _LEAST_LEAD)


def _used(one: Dossier, due: float, calendar: Calendar, now: int) -> tuple[float, float]:
    """The share of its time that it had used at its end (or has by now), and the weight of the lesson."""
    assert one.due is not None
    used = calendar.working_days_between(one.received, now if one.ended is None else one.ended) / _lead(one, calendar)
    late = one.ended is None or one.ended > one.due
    return max(used, 1.0001) if late else min(used, 1.0), 0.5 ** (-due / HALF_LIFE)


def pace(dossiers: Sequence[Dossier], calendar: Calendar, clock: int) -> float:
    """How much longer work takes than over the days that teach: the root of the ratio of days of work waiting."""
    now = clock // MICROS
    starts = _starts(calendar, now, LEARNT_DAYS)
    received = sorted(one.received for one in dossiers)
    ended = sorted(one.ended for one in dossiers if one.ended is not None)
    if not starts or not received or starts[-1] <= received[0]:
        return 1.0
    starts = [start for start in starts if start > received[0]]
    waiting = [bisect_left(received, at) - bisect_left(ended, at) for at in starts]
    recent = starts[-RECENT_DAYS:]
    here = bisect_left(received, now) - bisect_left(ended, now)
    now_ends, then_ends = (
        (bisect_left(ended, now) - bisect_left(ended, some[0])) / len(some) for some in (recent, starts)
    )
    usual = sum(waiting) / len(waiting)
    ratio = (here + _STEADY_OPEN) * (then_ends + _STEADY_ENDS) / ((now_ends + _STEADY_ENDS) * (usual + _STEADY_OPEN))
    return min(max(sqrt(ratio), _PACES[0]), _PACES[1])


def _starts(calendar: Calendar, now: int, count: int) -> list[int]:
    """The first instants of the last working days before the day of `now`, ascending."""
    place = calendar.working_days_before(calendar.civil.day(now))
    return [calendar.civil.midnight(calendar.nth_working_day(one)) for one in range(max(place - count, 0), place)]


def days_ahead(calendar: Calendar, clock: int, count: int) -> list[int]:
    """The day numbers of the next working days, today's own first where it is one; MissingYear beyond the calendar."""
    place = calendar.working_days_before(calendar.civil.day(clock // MICROS))
    return [calendar.nth_working_day(one) for one in range(place, place + count)]


def forecast(
    dossiers: Sequence[Dossier], others: Lessons, calendar: Calendar, clock: int, ahead: int = AHEAD_DAYS
) -> Forecast:
    """How many of a unit turn late by the ends of the next working days; `others` are the lessons of all units."""
    now, lessons = clock // MICROS, Lessons(dossiers, calendar, clock)
    days, slower = days_ahead(calendar, clock, ahead), pace(dossiers, calendar, clock)
    ends = [calendar.civil.midnight(day + 1) for day in days]
    chances = []
    for one in dossiers:
        if one.due is None or one.ended is not None or one.paused or not now <= one.due < ends[-1]:
            continue
        used = 1 - calendar.working_days_between(now, one.due) / _lead(one, calendar)
        chances.append(Chance(one.code, one.due, lessons.chance(used, slower, others)))
    coming = _newcomers(dossiers, lessons, slower, calendar, now)
    late = tuple(
        sum(one.chance for one in chances if one.due < end)
        + sum(max(calendar.working_days_between(now, end) - lead, 0.0) * share for lead, share in coming)
        for end in ends
    )
    chances.sort(key=lambda one: (-one.chance, one.due, one.code))
    return Forecast(tuple(days), late, tuple(chances), slower, lessons.count)


def _newcomers(
    dossiers: Sequence[Dossier], lessons: Lessons, slower: float, calendar: Calendar, now: int
) -> list[tuple[float, float]]:
    """Of those that will come: working days after which one is due, and how many such turn late a working day."""
    first = min((one.received for one in dossiers), default=now)
    days = min(LEARNT_DAYS, int(calendar.working_days_between(first, now)))
    whole = sum(0.5 ** ((day + 0.5) / HALF_LIFE) for day in range(days))
    return [(lead, weight / whole) for lead, weight in lessons.late_leads(slower)] if whole else []


def turned_late(dossiers: Iterable[Dossier], since: int, until: int) -> int:
    """How many turned late from one instant (seconds) on, before another."""
    return sum(
        1
        for one in dossiers
        if one.due is not None and since <= one.due + 1 < until and (one.ended is None or one.ended > one.due)
    )


def as_of(dossiers: Iterable[Dossier], instant: int) -> list[Dossier]:
    """The dossiers as they stood at an instant (seconds), with due dates as they are known now."""
    return [
        one._replace(ended=None if one.ended is None or one.ended >= instant else one.ended, paused=False)
        for one in dossiers
        if one.received < instant
    ]
