"""When a dossier is due, computed from its limit in working time.

Terms are counted as the Civil Code counts them: the day of the start is day 0.  Source of the rules: docs/semantics.md.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
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
        if not self.count > 0:
            raise LimitError(f"a limit must be above 0, this one is {self.count} {self.unit}")
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
    if saturdays and limit.unit in _DAYS and not calendar.is_working(calendar.civil.day(received)):
        day = calendar.civil.day(received)
        if date_of(day).weekday() == _SATURDAY and not calendar.reason_off(day):
            return received
    return calendar.next_moment(received)


def due(
    calendar: Calendar, received: int, limit: Limit, pauses: Sequence[Pause] = (), *, saturdays: bool = False
) -> int:
    """The last instant (seconds) at which a dossier with this limit is in time; MissingYear where it needs one."""
    start = start_of(calendar, received, limit, saturdays=saturdays)
    at = _unpaused(calendar, start, limit)
    together = union([Pause(max(pause.start, start), pause.end) for pause in pauses])
    if not together:
        return at
    if limit.unit in (Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS):
        added = at + sum(pause.end - pause.start for pause in together)
        closing = calendar.closes(calendar.first_working_day(calendar.civil.day(added)))
        if closing < added:
            closing = calendar.closes(calendar.first_working_day(calendar.civil.day(added) + 1))
        return closing
    given_back = sum(calendar.worked_between(pause.start, pause.end) for pause in together)
    if given_back == 0:
        return at
    later = calendar.after(at, given_back)
    if limit.unit is Unit.WORKING_HOURS or limit.same_time:
        return later
    return calendar.closes(calendar.civil.day(later))


def _unpaused(calendar: Calendar, start: int, limit: Limit) -> int:
    if limit.unit is Unit.WORKING_HOURS:
        return calendar.after(start, round(limit.count * 3600))
    day, second = calendar.place(start)
    if limit.unit is Unit.WORKING_DAYS:
        passed = calendar.working_days_before(day) + (1 if calendar.is_working(day) else 0)
        last = calendar.nth_working_day(passed - 1 + int(limit.count))
        return calendar.instant(last, second) if limit.same_time else calendar.closes(last)
    if limit.unit is Unit.SAME_DAY:
        return calendar.closes(day if second <= limit.cut_off else calendar.first_working_day(day + 1))
    last = day + int(limit.count) if limit.unit is Unit.CALENDAR_DAYS else _months_after(day, int(limit.count))
    return calendar.closes(calendar.first_working_day(last))


def _months_after(day: int, months: int) -> int:
    """The same day of the month, so many months later; the month's last day when it has no such day."""
    civil = date_of(day)
    total = civil.year * 12 + civil.month - 1 + months
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


_DAYS: Final = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS)
_SATURDAY: Final = 5
