"""How long a procedure may take, and when a dossier is due by it, walked day by day.

Plain on purpose and independent of the monitor's deadline engine, which is held to it.  The rules are those of
docs/semantics.md, "Limits".
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from simulators.world.working_time import CLOSE, WORKING_DAY, WorkingTime, day_of, midnight
from streams.core.civil import HOUR, date_of, day_number

CUT_OFF: Final = 15 * HOUR
_WORKING_DAYS_A_MONTH: Final = 21
_WORKED_OF_SEVEN: Final = 5 / 7


class Counts(StrEnum):
    """What a term counts in."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_MONTHS = "calendar_months"
    SAME_DAY = "same_day"


_CALENDAR: Final = (Counts.CALENDAR_DAYS, Counts.CALENDAR_MONTHS)


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A limit: `count` of `unit`.

    For one `channel` (empty: all that have no term of their own), from the day `since` on (an ISO date; empty: always).
    `same_time`: working days end at the time of day of the start, not at the close of office.  `cut_off` (seconds of
    the day): what starts later is due the next working day; of same-day terms only.
    """

    unit: Counts
    count: int = 1
    channel: str = ""
    since: str = ""
    same_time: bool = False
    cut_off: int = CUT_OFF

    @property
    def is_short(self) -> bool:
        """Done within hours, so in one go."""
        return self.unit in (Counts.WORKING_HOURS, Counts.SAME_DAY)

    @property
    def work(self) -> int:
        """About how much working time it allows, in seconds."""
        match self.unit:
            case Counts.WORKING_HOURS:
                return self.count * HOUR
            case Counts.SAME_DAY:
                return WORKING_DAY // 2
            case Counts.CALENDAR_DAYS:
                return int(self.count * _WORKED_OF_SEVEN * WORKING_DAY)
            case Counts.CALENDAR_MONTHS:
                return self.count * _WORKING_DAYS_A_MONTH * WORKING_DAY
        return self.count * WORKING_DAY

    def due(self, received: int, time: WorkingTime) -> int:
        """The last instant in time of what was received then (both seconds), without any pause."""
        start = time.after(received, 0)
        if self.unit is Counts.WORKING_HOURS:
            return time.after(start, self.count * HOUR)
        day, second = day_of(start), start - midnight(day_of(start))
        if self.unit is Counts.WORKING_DAYS:
            close = time.close_after(start, self.count)
            return midnight(day_of(close)) + second if self.same_time else close
        if self.unit is Counts.SAME_DAY:
            return time.close_after(start, 0 if second <= self.cut_off else 1)
        return _close_from(day + self.count if self.unit is Counts.CALENDAR_DAYS else _later(day, self.count), time)

    def due_paused(self, received: int, asked: int, back: int, time: WorkingTime) -> int:
        """The same when it waited for a supplement from one instant to another: the time is given back in its unit."""
        due, begins = self.due(received, time), max(asked, time.after(received, 0))
        if back <= begins:
            return due
        if self.unit in _CALENDAR:
            added = due + back - begins
            close = _close_from(day_of(added), time)
            return close if close >= added else _close_from(day_of(added) + 1, time)
        paused = time.between(begins, back)
        if not paused:
            return due
        later = time.after(due, paused)
        return later if self.unit is Counts.WORKING_HOURS or self.same_time else midnight(day_of(later)) + CLOSE


def _close_from(day: int, time: WorkingTime) -> int:
    """The close of office of a day, or of the next that is worked."""
    while not time.works(day):
        day += 1
    return midnight(day) + CLOSE


def _later(day: int, months: int) -> int:
    """The same day of a later month, or that month's last."""
    begun = date_of(day)
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    return day_number(date(year, month + 1, min(begun.day, monthrange(year, month + 1)[1])))
