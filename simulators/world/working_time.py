"""Working time, walked day by day.

Plain on purpose and independent of everything that computes deadlines in the monitor: it is what those are held to.
Instants are seconds since 1970 UTC, days are day numbers of Viet Nam, which has had one offset since 1975.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta, timezone
from importlib import resources
from typing import Final

from streams.core.civil import DAY, HOUR, date_of, day_number
from streams.errors import MotcuaError

CALENDAR_NAME: Final = "vietnam"
OFFSET: Final = 7 * HOUR
ZONE: Final = timezone(timedelta(hours=7))
MORNING: Final = (7 * HOUR + 1800, 11 * HOUR + 1800)
AFTERNOON: Final = (13 * HOUR, 17 * HOUR)
OFFICE_HOURS: Final = (MORNING, AFTERNOON)
"""Opening and close in seconds of the day; at the close itself the office is shut."""
WORKING_DAY: Final = sum(closes - opens for opens, closes in OFFICE_HOURS)  # seconds
CLOSE: Final = AFTERNOON[1]
_SATURDAY: Final = 5
_NO_DAYS: Final = ("weekdays", "hours", "confirmed_year", "provisional_year")


class CalendarError(MotcuaError):
    """A calendar that cannot be read, or that lacks a year."""


class Calendar:
    """Which days are worked: Monday to Friday but for holidays, and the Saturdays that are worked instead."""

    def __init__(self, name: str, holidays: Iterable[date], worked: Iterable[date]) -> None:
        self.name = name
        self._holidays = frozenset(holidays)
        self._worked = frozenset(worked)
        self._years = frozenset(day.year for day in self._holidays)
        self._known: dict[int, bool] = {}

    def works(self, day: int) -> bool:
        """Is this day number worked?  CalendarError names a year that is missing."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._look(date_of(day))
        return known

    def with_swap(self, off: date, worked: date) -> Calendar:
        """The same with one more holiday, and one more Saturday worked."""
        return Calendar(self.name, self._holidays | {off}, self._worked | {worked})

    def rows(self) -> Iterator[tuple[str, str]]:
        """Date and kind of every unusual day, in order, as `read_calendar` reads them."""
        kinds = dict.fromkeys(self._holidays, "holiday") | dict.fromkeys(self._worked, "working_saturday")
        return ((day.isoformat(), kinds[day]) for day in sorted(kinds))

    def _look(self, day: date) -> bool:
        if day.year not in self._years:
            held = f"{min(self._years)} to {max(self._years)}" if self._years else "no year"
            raise CalendarError(
                f"The calendar {self.name} has no year {day.year}, it holds {held}. "
                "Simulate other days, or fewer: due dates of the last ones lie some weeks ahead."
            )
        return day in self._worked or (day.weekday() < _SATURDAY and day not in self._holidays)


def read_calendar(lines: Iterable[str], name: str) -> Calendar:
    """The calendar in the lines of a CSV file with `date` and `kind`; CalendarError says what is wrong where.

    The office hours here are fixed, and every year is taken as it stands.
    """
    days: dict[str, list[date]] = {"holiday": [], "working_saturday": []}
    for number, row in enumerate(csv.DictReader(lines), 1):
        if row.get("kind") in _NO_DAYS:
            continue
        try:
            days[row["kind"]].append(date.fromisoformat(row["date"]))
        except (KeyError, ValueError, TypeError) as error:
            raise CalendarError(
                f"{name}, row {number}: {error} is wrong; write a date such as 2026-09-02 and {' or '.join(days)}"
            ) from None
    return Calendar(name, days["holiday"], days["working_saturday"])


def shipped_text(name: str) -> str:
    """A calendar that comes with motcua, as it is written."""
    return (resources.files("streams") / "data" / "calendars" / f"{name}.csv").read_text(encoding="utf-8")


def shipped_calendar(name: str) -> Calendar:
    """A calendar that comes with motcua."""
    return read_calendar(shipped_text(name).splitlines(), name)


class WorkingTime:
    """Office hours on the days of a calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self.works = calendar.works

    def is_open(self, instant: int) -> bool:
        """Is the office open?  Also said of the second at which it closes, when the last work of the day ends."""
        day, second = divmod(instant + OFFSET, DAY)
        return self.works(day) and any(opens <= second <= closes for opens, closes in OFFICE_HOURS)

    def after(self, instant: int, work: float) -> int:
        """The earliest instant at which `work` (seconds of working time) from `instant` on is used up.

        None of it is used up at the next working moment.
        """
        left = int(work)
        day, second = divmod(instant + OFFSET, DAY)
        while True:
            if self.works(day):
                for opens, closes in OFFICE_HOURS:
                    begin = max(second, opens)
                    if begin < closes:
                        if left <= closes - begin:
                            return day * DAY - OFFSET + begin + left
                        left -= closes - begin
            day, second = day + 1, 0

    def between(self, begin: int, end: int) -> int:
        """Seconds of working time from one instant to another; 0 when it goes backwards."""
        worked = 0
        for day in range((begin + OFFSET) // DAY, (end + OFFSET) // DAY + 1):
            if self.works(day):
                first = day * DAY - OFFSET
                worked += sum(
                    max(min(end, first + shut) - max(begin, first + opens), 0) for opens, shut in OFFICE_HOURS
                )
        return worked

    def close_after(self, instant: int, days: int) -> int:
        """The close of office of the `days`-th working day after the one on which `instant` counts (day 0)."""
        day = (self.after(instant, 0) + OFFSET) // DAY
        while days:
            day += 1
            days -= self.works(day)
        return day * DAY - OFFSET + CLOSE


class Times:
    """Working time as it is, and as was known earlier: a changed calendar becomes known at `turn` (seconds)."""

    def __init__(self, true: WorkingTime, before: WorkingTime | None = None, turn: int = 0) -> None:
        self.true, self._before, self._turn = true, before or true, turn

    def known(self, at: int) -> WorkingTime:
        """What dates are reckoned by at an instant."""
        return self.true if at >= self._turn else self._before


def day_of(instant: int) -> int:
    """The day number of an instant."""
    return (instant + OFFSET) // DAY


def midnight(day: int | date) -> int:
    """The first instant of a day."""
    return (day if isinstance(day, int) else day_number(day)) * DAY - OFFSET
