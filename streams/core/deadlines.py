"""When a dossier is due, computed from its limit in working time.

Terms are counted as the Civil Code counts them: the day of the start is day 0.  Source of the rules: docs/deadlines.md.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from math import inf
from typing import Final, NamedTuple

import msgspec

from streams.core.calendar import Calendar
from streams.core.civil import date_of, day_number

CUT_OFF: Final = 54_000  # 15:00, in seconds of the day


class Unit(StrEnum):
    """What a limit counts in."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_MONTHS = "calendar_months"
    SAME_DAY = "same_day"


class LimitError(ValueError):
    """A limit that cannot be."""


class Limit(msgspec.Struct, frozen=True):
    """How long a procedure may take: `count` of `unit`; working days end at the close of office.

    With `same_time` working days end at the time of day of the start instead.  `cut_off` (seconds of the day) is of the
    same day's limit: what starts later is due the next working day.
    """

    unit: Unit
    count: float = 0
    same_time: bool = False
    cut_off: int = CUT_OFF

    def __post_init__(self) -> None:
        """LimitError for a limit that is not above 0, or half a day."""
        if self.unit is Unit.SAME_DAY:
            return
        if not 0 < self.count * 3600 < inf:
            raise LimitError(f"a limit must be above 0 and have an end, this one is {self.count} {self.unit}")
        if self.unit is not Unit.WORKING_HOURS and self.count != int(self.count):
            raise LimitError(f"{self.count} {self.unit}: only working hours may have a fraction")


class Pause(NamedTuple):
    """An interval (seconds) in which the time of a dossier does not run."""

    start: int
    end: int


def start_of(calendar: Calendar, received: int, limit: Limit, *, saturdays: bool = False) -> int:
    """When the time begins to run: at reception, or the next working moment.

    With `saturdays` on, a limit in days takes the Saturday of reception itself as day 0.
    """
    if saturdays and limit.unit in _DAYS:
        day = calendar.place(received)[0]
        if date_of(day).weekday() == _SATURDAY and not calendar.is_working(day) and not calendar.reason_off(day):
            return received
    return calendar.next_moment(received)


def due(
    calendar: Calendar, received: int, limit: Limit, pauses: Sequence[Pause] = (), *, saturdays: bool = False
) -> int:
    """The last instant (seconds) at which a dossier with this limit is in time; MissingYear where it needs one."""
    start = start_of(calendar, received, limit, saturdays=True) if saturdays else calendar.next_moment(received)
    at = unpaused(calendar, start, limit)
    if not pauses:
        return at
    if limit.unit is _CALENDAR_DAYS or limit.unit is _CALENDAR_MONTHS:
        return _carried(calendar, at, sum(end - begin for begin, end in _apart(pauses, start)))
    given_back = 0
    for begin, end in _apart(pauses, start):
        given_back += calendar.worked(end) - calendar.worked(begin)
    if given_back == 0:
        return at
    if limit.unit is _WORKING_HOURS or limit.same_time:
        return calendar.after(at, given_back)
    return calendar.closes_when_worked(at, given_back)


def unpaused(calendar: Calendar, start: int, limit: Limit) -> int:
    """When a limit whose time begins to run at `start` (see `start_of`) is used up, leaving pauses out."""
    unit = limit.unit
    if unit is _WORKING_HOURS:
        return calendar.after(start, seconds_of(limit))
    if unit is _WORKING_DAYS and not limit.same_time:
        return calendar.closes_after(start, int(limit.count))
    day, second = calendar.place(start)
    if unit is _WORKING_DAYS:
        last = calendar.working_days_before(day + 1) - 1 + int(limit.count)
        return calendar.instant(calendar.nth_working_day(last), second)
    if unit is _SAME_DAY:
        return calendar.closes_from(day if second <= limit.cut_off else day + 1)
    count = int(limit.count)
    return calendar.closes_from(day + count if unit is _CALENDAR_DAYS else _months_after(day, count))


def seconds_of(limit: Limit) -> int:
    """The working seconds of a limit in working hours."""
    return round(limit.count * 3600)


def _apart(pauses: Sequence[Pause], start: int) -> Iterator[tuple[int, int]]:
    """What the pauses cover together from `start` on, in parts that do not overlap; `union` without its list."""
    covered = start
    for begin, end in sorted(pauses) if len(pauses) > 1 else pauses:
        first = begin if begin > covered else covered
        if end > first:
            yield first, end
            covered = end


def _carried(calendar: Calendar, at: int, paused: int) -> int:
    """A calendar limit with a pause ends at a close of office that is not before the instant with the pause added."""
    if paused == 0:
        return at
    day = calendar.civil.day(at + paused)
    closing = calendar.closes_from(day)
    return closing if closing >= at + paused else calendar.closes_from(day + 1)


@lru_cache(maxsize=65536)
def _months_after(day: int, months: int) -> int:
    """The same day of the month, so many months later; the month's last day when it has no such day."""
    civil = date_of(day)
    total = civil.year * 12 + civil.month - 1 + min(months, (_LAST_YEAR - civil.year) * 12)
    year, month = divmod(total, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(day_number(date(year, month + 1, 1)) + civil.day - 1, day_number(following) - 1)


def union(pauses: Sequence[Pause]) -> list[Pause]:
    """Overlapping and touching pauses as one; a pause that ends before it begins is none."""
    found: list[Pause] = []
    for pause in sorted(pause for pause in pauses if pause.end > pause.start):
        if found and pause.start <= found[-1].end:
            found[-1] = Pause(found[-1].start, max(found[-1].end, pause.end))
        else:
            found.append(pause)
    return found


# Looked up once: on the hot path an attribute of an enumeration costs as much as finding a day.
_WORKING_DAYS: Final = Unit.WORKING_DAYS
_WORKING_HOURS: Final = Unit.WORKING_HOURS
_CALENDAR_DAYS: Final = Unit.CALENDAR_DAYS
_CALENDAR_MONTHS: Final = Unit.CALENDAR_MONTHS
_SAME_DAY: Final = Unit.SAME_DAY
_DAYS: Final = (_WORKING_DAYS, _CALENDAR_DAYS, _CALENDAR_MONTHS)
_SATURDAY: Final = 5
_LAST_YEAR: Final = 9998  # dates end with 9999; a limit that is junk needs a year that is missing, no more
