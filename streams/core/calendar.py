"""The working calendar as data: which days and hours are worked, year by year, with the source of each exception."""

import csv
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

import msgspec

from streams.core.civil import DAY, Civil, date_of, day_number
from streams.errors import MotcuaError

_COLUMNS: Final = ("date", "name_vi", "kind")
_SOURCE: Final = "source"  # a column that may be left out


class CalendarError(MotcuaError):
    """A calendar that cannot be: says row, column and what would be right."""


class MissingYear(Exception):
    """A due date needs a year for which there is no calendar; `year` names it."""

    def __init__(self, year: int) -> None:
        super().__init__(f"there is no working calendar for {year}")
        self.year = year


class Status(StrEnum):
    """How sure a year is.  A provisional one is used and marked; due dates are computed again when it is confirmed."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"


class Kind(StrEnum):
    """An exception to the working week."""

    HOLIDAY = "holiday"
    WORKING_SATURDAY = "working_saturday"


class UnusualDay(msgspec.Struct, frozen=True):
    """One day that is not as its weekday: off by holiday, or worked in exchange."""

    day: int
    kind: Kind
    name: str
    source: str


class Week(msgspec.Struct, frozen=True):
    """The working week: weekdays (Monday is 0) and office hours as half-open intervals in seconds of the day."""

    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    hours: tuple[tuple[int, int], ...] = ((27_000, 41_400), (46_800, 61_200))  # 7:30 to 11:30 and 13:00 to 17:00


class Calendar:
    """Working time of one civil zone over the years that it knows.

    Instants are in seconds, days are day numbers.  Whatever needs a year that is not there raises MissingYear.
    """

    def __init__(
        self, civil: Civil, years: Mapping[int, Status], exceptions: Iterable[UnusualDay], week: Week | None = None
    ) -> None:
        self.civil, self.week = civil, week or Week()
        self.years = dict(sorted(years.items()))
        self.exceptions = {one.day: one for one in sorted(exceptions, key=lambda one: one.day)}
        self._check()
        self.day_seconds = sum(end - start for start, end in self.week.hours)
        self.closing = self.week.hours[-1][1]
        self._first = day_number(date(min(self.years), 1, 1))
        self._last = day_number(date(max(self.years), 12, 31))
        self.days = [day for day in range(self._first, self._last + 1) if self._is_worked(day)]
        counts = [0]
        for day in range(self._first, self._last + 1):
            counts.append(counts[-1] + self._is_worked(day))
        self._before = counts  # working days before the nth day that the calendar knows

    @cached_property
    def version(self) -> str:
        """Names the content: equal calendars have the same version."""
        content = (self.civil.name, self.week, list(self.years.items()), list(self.exceptions.values()))
        return hashlib.blake2b(msgspec.json.encode(content), digest_size=6).hexdigest()

    def require(self, day: int) -> int:
        """The day itself, when its year is there."""
        if not self._first <= day <= self._last:
            raise MissingYear(date_of(day).year)
        return day

    def is_working(self, day: int) -> bool:
        """True for a day on which the offices work."""
        self.require(day)
        return self._before[day - self._first + 1] > self._before[day - self._first]

    def working_days_before(self, day: int) -> int:
        """Working days that the calendar knows before `day`."""
        return self._before[self.require(day) - self._first]

    def nth_working_day(self, count: int) -> int:
        """The working day with `count` working days before it."""
        if count >= len(self.days):
            raise MissingYear(max(self.years) + 1)
        if count < 0:
            raise MissingYear(min(self.years) - 1)
        return self.days[count]

    def instant(self, day: int, second: int) -> int:
        """The instant at a second of a civil day, by the clock on the wall."""
        midnight = self.civil.midnight(day)
        instant = midnight + second
        return instant + self.civil.offset(midnight) - self.civil.offset(instant)

    def place(self, instant: int) -> tuple[int, int]:
        """Civil day and second of that day, by the clock on the wall."""
        day, second = divmod(instant + self.civil.offset(instant), DAY)
        return day, second

    def closes(self, day: int) -> int:
        """The close of office of a day."""
        return self.instant(day, self.closing)

    def is_provisional(self, first: int, last: int) -> bool:
        """True when a working time between two instants rests on a provisional year."""
        years = range(date_of(self.civil.day(first)).year, date_of(self.civil.day(last)).year + 1)
        return any(self.years.get(year) is Status.PROVISIONAL for year in years)

    def next_moment(self, instant: int) -> int:
        """The instant itself when it is worked, else the next that is."""
        day, second = self.place(instant)
        if self.is_working(day):
            for start, end in self.week.hours:
                if second < end:
                    return instant if second >= start else self.instant(day, start)
        found = bisect_right(self.days, day)
        if found == len(self.days):
            raise MissingYear(max(self.years) + 1)
        return self.instant(self.days[found], self.week.hours[0][0])

    def worked(self, instant: int) -> int:
        """Working seconds that the calendar knows before `instant`; differences of it measure working time."""
        day, second = self.place(instant)
        whole = self.working_days_before(day) * self.day_seconds
        return whole + self._worked_on(second) if self.is_working(day) else whole

    def worked_between(self, first: int, last: int) -> int:
        """Working seconds from `first` to `last`; 0 when it goes backwards."""
        return max(self.worked(last) - self.worked(first), 0)

    def after(self, instant: int, working_seconds: int) -> int:
        """The earliest instant at which so many working seconds have passed since `instant`."""
        if working_seconds <= 0:
            return instant
        days, rest = divmod(self.worked(instant) + working_seconds, self.day_seconds)
        if rest == 0:  # used up at the close, not at the next opening
            days, rest = days - 1, self.day_seconds
        day = self.nth_working_day(days)
        for start, end in self.week.hours:
            if rest <= end - start:
                return self.instant(day, start + rest)
            rest -= end - start
        raise AssertionError("more working seconds than a day has")

    def first_working_day(self, day: int) -> int:
        """The day itself when it is worked, else the next that is."""
        found = bisect_left(self.days, self.require(day))
        if found == len(self.days):
            raise MissingYear(max(self.years) + 1)
        return self.days[found]

    def reason_off(self, day: int) -> str:
        """Why a day is not worked: the holiday by name, or the weekend as an empty text."""
        found = self.exceptions.get(day)
        return found.name if found is not None and found.kind is Kind.HOLIDAY else ""

    def _worked_on(self, second: int) -> int:
        return sum(min(max(second - start, 0), end - start) for start, end in self.week.hours)

    def _is_worked(self, day: int) -> bool:
        found = self.exceptions.get(day)
        if found is not None:
            return found.kind is Kind.WORKING_SATURDAY
        return date_of(day).weekday() in self.week.weekdays

    def _check(self) -> None:
        if not self.years or list(self.years) != list(range(min(self.years), max(self.years) + 1)):
            raise CalendarError(f"a calendar needs years without a gap, it has {list(self.years)}")
        ends = [bound for interval in self.week.hours for bound in interval]
        if not ends or ends != sorted(set(ends)) or not 0 <= ends[0] < ends[-1] <= DAY:
            raise CalendarError(f"office hours must be intervals of one day in order, they are {self.week.hours}")
        for day in self.exceptions:
            if date_of(day).year not in self.years:
                raise CalendarError(f"{date_of(day)} is in a year whose status is not given")


def read_calendar(lines: Iterable[str], name: str, civil: Civil, provisional: Iterable[int] = ()) -> Calendar:
    """The calendar in the lines of a CSV file; every year between the first and the last row is there.

    CalendarError says row and column of what is wrong.
    """
    rows = csv.DictReader(lines)
    missing = [column for column in _COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise CalendarError(f"{name}: no column '{missing[0]}'; a calendar has the columns {', '.join(_COLUMNS)}")
    exceptions = [_unusual(row, f"{name}, row {number}") for number, row in enumerate(rows, 1)]
    if not exceptions:
        raise CalendarError(f"{name}: no rows; at least one holiday a year is expected")
    found = [date_of(one.day).year for one in exceptions]
    uncertain = set(provisional)
    years = {
        year: Status.PROVISIONAL if year in uncertain else Status.CONFIRMED
        for year in range(min(found), max(found) + 1)
    }
    return Calendar(civil, years, exceptions)


def _unusual(row: Mapping[str, str], place: str) -> UnusualDay:
    try:
        day = day_number(date.fromisoformat(row["date"].strip()))
    except ValueError:
        raise CalendarError(f"{place}, column 'date': '{row['date']}' is not a date; write it as 2026-02-17") from None
    try:
        kind = Kind(row["kind"].strip())
    except ValueError:
        words = ", ".join(Kind)
        raise CalendarError(f"{place}, column 'kind': '{row['kind']}' is not one of {words}") from None
    return UnusualDay(day, kind, (row["name_vi"] or "").strip(), (row.get(_SOURCE) or "").strip())
