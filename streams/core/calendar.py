"""The working calendar: which instants are worked, by tables made once from years, weeks and exceptions.

Every table holds instants (seconds), so that asking needs no civil zone: a zone with summer time costs no more.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

import msgspec

from streams.core.calendar_rows import CalendarError, Kind, MissingYear, Status, UnusualDay, Week, read_rows, week_on
from streams.core.civil import DAY, Civil, date_of, day_number, seconds

__all__ = [
    "Calendar",
    "CalendarError",
    "Kind",
    "MissingYear",
    "Status",
    "UnusualDay",
    "Week",
    "read_calendar",
]

_LAST_DAY: Final = day_number(date.max)


class Calendar:
    """Working time of one civil zone over the years that it knows.

    Instants are in seconds, days are day numbers.  Whatever needs a year that is not there raises MissingYear.  `weeks`
    (by the day from which each holds) is for working weeks that change; without it `week` holds in all years.
    """

    def __init__(
        self,
        civil: Civil,
        years: Mapping[int, Status],
        exceptions: Iterable[UnusualDay],
        week: Week | None = None,
        weeks: Mapping[int, Week] | None = None,
    ) -> None:
        self.civil = civil
        self.years = dict(sorted(years.items()))
        self.exceptions = {one.day: one for one in sorted(exceptions, key=lambda one: one.day)}
        if not self.years or list(self.years) != list(range(min(self.years), max(self.years) + 1)):
            raise CalendarError(f"a calendar needs years without a gap, it has {list(self.years)}")
        self._first = day_number(date(min(self.years), 1, 1))
        self._last = day_number(date(max(self.years), 12, 31))
        self.weeks = dict(sorted((weeks or {self._first: week or Week()}).items()))
        self._check()
        self._make_tables()

    @cached_property
    def version(self) -> str:
        """Names the content: equal calendars have the same version."""
        content = (self.civil.name, list(self.weeks.items()), list(self.years.items()), list(self.exceptions.values()))
        return hashlib.blake2b(msgspec.json.encode(content), digest_size=6).hexdigest()

    def require(self, day: int) -> int:
        """The day itself, when its year is there."""
        if not self._first <= day <= self._last:
            raise MissingYear(date_of(min(day, _LAST_DAY)).year)
        return day

    def week_of(self, day: int) -> Week:
        """The working week that holds on a day."""
        return week_on(self.weeks, self.require(day))

    def office(self, day: int) -> list[tuple[int, int]]:
        """When the offices are open on a day: half-open intervals of instants; none on a day off."""
        return [(self.instant(day, begin), self.instant(day, end)) for begin, end in self._hours(self.require(day))]

    def is_working(self, day: int) -> bool:
        """True for a day on which the offices work."""
        place = self.require(day) - self._first
        return self._before[place + 1] > self._before[place]

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
        """The instant at a second of a civil day, by the clock on the wall.

        A time that the clock skips is counted on from before the change, one that it shows twice is the first.
        """
        place = day - self._first
        if 0 <= place < len(self._plain) and self._plain[place]:
            return self._midnights[place] + second
        midnight = datetime.combine(date_of(day + second // DAY), datetime.min.time(), self.civil.zone)
        return seconds(midnight + timedelta(seconds=second % DAY))

    def place(self, instant: int) -> tuple[int, int]:
        """Civil day and second of that day, by the clock on the wall."""
        place = bisect_right(self._midnights, instant) - 1
        if 0 <= place < len(self._plain) and self._plain[place]:
            return place + self._first, instant - self._midnights[place]
        return divmod(instant + self.civil.offset(instant), DAY)

    def closes(self, day: int) -> int:
        """The close of office of a day, worked or not."""
        if self.is_working(day):
            return self._closings[self._before[day - self._first]]
        return self.instant(day, self.week_of(day).hours[-1][1])

    def closes_from(self, day: int) -> int:
        """The close of office of the day itself when it is worked, else of the next working day."""
        return self._nth_closing(self._before[self.require(day) - self._first])

    def closes_after(self, instant: int, count: int) -> int:
        """The close of office of the `count`-th working day after the civil day of `instant`, which is not at lunch."""
        if not self._begins <= instant < self._ends:
            raise self._missing(instant)
        found = bisect_right(self._closes, instant)
        day = self._ordinals[found] + count - (self._opens[found] > instant)
        if day >= len(self._closings):
            raise MissingYear(max(self.years) + 1)
        return self._closings[day]

    def closes_when_worked(self, instant: int, working_seconds: int) -> int:
        """The close of office of the day on which so many working seconds have passed since `instant`."""
        return self._closings[self._ordinals[self._interval_after(self.worked(instant) + working_seconds)]]

    def is_provisional(self, first: int, last: int) -> bool:
        """True when a working time between two instants rests on a provisional year."""
        return bool(self.provisional_years(first, last))

    def provisional_years(self, first: int, last: int) -> tuple[int, ...]:
        """The provisional years that a working time between two instants rests on."""
        years = range(date_of(self.civil.day(first)).year, date_of(self.civil.day(last)).year + 1)
        return tuple(year for year in years if self.years.get(year) is Status.PROVISIONAL)

    def next_moment(self, instant: int) -> int:
        """The instant itself when it is worked, else the next that is."""
        if not self._begins <= instant < self._ends:
            raise self._missing(instant)
        found = bisect_right(self._closes, instant)
        opens = self._opens[found]
        if instant >= opens:
            return instant
        if found == len(self._closes):
            raise MissingYear(max(self.years) + 1)
        return opens

    def worked(self, instant: int) -> int:
        """Working seconds that the calendar knows before `instant`; differences of it measure working time."""
        if not self._begins <= instant < self._ends:
            raise self._missing(instant)
        found = bisect_right(self._closes, instant)
        begun = instant - self._opens[found]
        return self._sums[found] + begun if begun > 0 else self._sums[found]

    def worked_between(self, first: int, last: int) -> int:
        """Working seconds from `first` to `last`; 0 when it goes backwards."""
        return max(self.worked(last) - self.worked(first), 0)

    def working_days_between(self, first: int, last: int) -> float:
        """Working days from `first` to `last`, to a millionth: half of a day's office hours is 0.5.

        Negative when `last` lies before `first`: working days left until a due date, or overdue since.
        """
        return round(self._working_days(last) - self._working_days(first), 6)

    def after(self, instant: int, working_seconds: int) -> int:
        """The earliest instant at which so many working seconds have passed since `instant`."""
        if working_seconds <= 0:
            return instant
        total = self.worked(instant) + working_seconds
        found = self._interval_after(total)
        return self._opens[found] + total - self._sums[found]

    def last_share(self, first: int, last: int, share: float, days: float) -> int:
        """When the last `share` of the working time from `first` to `last` begins, at least so many working days.

        A working day is as long as the one in which `last` lies, on a day off as the next one.  Never before `first`.
        """
        if first < self._begins or last >= self._ends:
            raise self._missing(first if first < self._begins else last)
        sums, low = self._sums, bisect_right(self._closes, first)
        if last <= first:
            return first
        high = bisect_right(self._closes, last, low)
        begun, ended = sums[low] + max(first - self._opens[low], 0), sums[high]
        if (since := last - self._opens[high]) > 0:
            ended += since
        # Its day is that of `last` also once its offices have closed.
        closed = high > 0 and last < self._midnights[self.days[self._ordinals[high - 1]] + 1 - self._first]
        total = ended - max(int(share * (ended - begun)), int(days * self._lengths[self._ordinals[high - closed]]))
        found = bisect_left(sums, total, low, high + 1) - 1
        return first if total <= begun else self._opens[found] + total - sums[found]

    def first_working_day(self, day: int) -> int:
        """The day itself when it is worked, else the next that is."""
        return self.nth_working_day(self.working_days_before(day))

    def reason_off(self, day: int, *, english: bool = False) -> str:
        """Why a day is not worked: the holiday by name, or the weekend as an empty text."""
        found = self.exceptions.get(day)
        if found is None or found.kind is not Kind.HOLIDAY:
            return ""
        return found.name_en or found.name if english else found.name

    # The three questions above look for an instant's office interval themselves, not by a method: it is what they cost.
    # `bisect_right(self._closes, instant)` is the interval that holds it, else the next one, else one past the last.

    def _missing(self, instant: int) -> MissingYear:
        return MissingYear(date_of(self.civil.day(instant)).year)

    def _interval_after(self, total: int) -> int:
        """The place of the office interval in which so many working seconds are used up: at a close, not after it."""
        found = bisect_left(self._sums, total) - 1
        if found == len(self._closes):
            raise MissingYear(max(self.years) + 1)
        return found

    def _nth_closing(self, count: int) -> int:
        if 0 <= count < len(self._closings):
            return self._closings[count]
        return self.nth_working_day(count)  # raises MissingYear

    def _working_days(self, instant: int) -> float:
        whole = self.working_days_before(self.place(instant)[0])
        if whole == len(self.days) or instant <= self._openings[whole]:
            return whole
        opened = self.worked(self._openings[whole])
        length = self.worked(self._closings[whole]) - opened
        return whole + (self.worked(instant) - opened) / length

    def _hours(self, day: int) -> tuple[tuple[int, int], ...]:
        week, found = week_on(self.weeks, day), self.exceptions.get(day)
        if found is not None:
            return week.hours if found.kind is Kind.WORKING_SATURDAY else ()
        return week.hours if date_of(day).weekday() in week.weekdays else ()

    def _make_tables(self) -> None:
        known = range(self._first, self._last + 1)
        self._midnights = [self.civil.midnight(day) for day in (*known, self._last + 1)]
        # A day on which the offset of the zone changes has another length, or starts and ends apart from it.
        self._plain = [
            self.civil.offset(begin) == self.civil.offset(end - 1) and end - begin == DAY
            for begin, end in zip(self._midnights, self._midnights[1:], strict=False)
        ]
        self.days: list[int] = []
        self._before, self._sums = [0], [0]  # working days, and working seconds, before the nth day and interval
        self._openings: list[int] = []  # of working days
        self._closings: list[int] = []
        self._lengths: list[int] = []  # working seconds of the nth working day
        self._opens: list[int] = []  # of office intervals
        self._closes: list[int] = []
        self._ordinals: list[int] = []  # of the working day of each office interval
        for day in known:
            if office := self.office(day):
                self.days.append(day)
                self._openings.append(office[0][0])
                self._closings.append(office[-1][1])
                self._lengths.append(sum(closes - opens for opens, closes in office))
            self._before.append(len(self.days))
            for opens, closes in office:
                self._opens.append(opens)
                self._closes.append(closes)
                self._ordinals.append(len(self.days) - 1)
                self._sums.append(self._sums[-1] + closes - opens)
        self._begins, self._ends = self._midnights[0], self._midnights[-1]
        self._opens.append(self._ends)  # so that the interval after the last one has an opening and a day, too
        self._ordinals.append(len(self.days))
        self._lengths.append(self._lengths[-1] if self._lengths else 0)

    def _check(self) -> None:
        if min(self.weeks) > self._first:
            raise CalendarError(f"the working week of {date_of(self._first)} is not given")
        for week in self.weeks.values():
            ends = [bound for interval in week.hours for bound in interval]
            if not ends or ends != sorted(set(ends)) or not 0 <= ends[0] < ends[-1] <= DAY:
                raise CalendarError(f"office hours must be intervals of one day in order, they are {week.hours}")
        for day in self.exceptions:
            if date_of(day).year not in self.years:
                raise CalendarError(f"{date_of(day)} is in a year whose status is not given")


def read_calendar(lines: Iterable[str], name: str, civil: Civil) -> Calendar:
    """The calendar in the lines of a CSV file, as docs/deadlines.md says; `name` stands in the errors.

    CalendarError says row and column of what is wrong.
    """
    content = read_rows(lines, name)
    return Calendar(civil, content.years, content.exceptions, weeks=content.weeks)
