"""When messages may go, as Alertmanager's time intervals: the office hours of every working day of the calendar.

Working days are named one by one, so holidays and worked Saturdays need no rule of their own.  After the last year of
the calendar its working week holds, so that nothing falls silent when nobody has added the next year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from streams.core.calendar import Calendar
from streams.core.civil import HOUR, date_of, day_number

WORKING: Final = "working-hours"
MORNING: Final = "morning"
_MINUTE: Final = 60
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FOREVER: Final = 2099
Spans = tuple[tuple[int, int], ...]  # seconds of the day


def intervals(calendar: Calendar, digest_minutes: int) -> list[dict[str, Any]]:
    """Office hours, and the first minutes of each working day."""
    return [
        {"name": WORKING, "time_intervals": list(_intervals(calendar, None))},
        {"name": MORNING, "time_intervals": list(_intervals(calendar, digest_minutes * _MINUTE))},
    ]


def _intervals(calendar: Calendar, first: int | None) -> Iterator[dict[str, Any]]:
    """One for the days of a month that have the same hours; `first` takes only so many seconds of each day."""
    months: dict[tuple[int, int, Spans], list[int]] = defaultdict(list)
    for day in calendar.days:
        midnight = calendar.instant(day, 0)
        hours = tuple((begin - midnight, end - midnight) for begin, end in calendar.office(day))
        civil = date_of(day)
        months[civil.year, civil.month, _begun(hours, first)].append(civil.day)
    zone = calendar.civil.name
    for (year, month, hours), days in months.items():
        when = {"years": [str(year)], "months": [str(month)], "days_of_month": _ranges(days)}
        yield {"times": _times(hours), **when, "location": zone}
    week = calendar.week_of(day_number(date_of(calendar.days[-1])))
    yield {
        "times": _times(_begun(week.hours, first)),
        "weekdays": [_WEEKDAYS[day] for day in sorted(week.weekdays)],
        "years": [f"{max(calendar.years) + 1}:{_FOREVER}"],
        "location": zone,
    }


def _begun(hours: Iterable[tuple[int, int]], first: int | None) -> Spans:
    held = tuple(hours)
    return held if first is None else ((held[0][0], min(held[0][0] + first, held[0][1])),)


def _times(hours: Spans) -> list[dict[str, str]]:
    return [{"start_time": _clock(begin), "end_time": _clock(end)} for begin, end in hours]


def _clock(second: int) -> str:
    return f"{second // HOUR:02}:{second % HOUR // _MINUTE:02}"


def _ranges(days: list[int]) -> list[str]:
    """Days of a month as ranges: 1, 2, 3, 7 are 1:3 and 7."""
    found: list[list[int]] = []
    for day in sorted(days):
        if found and found[-1][1] == day - 1:
            found[-1][1] = day
        else:
            found.append([day, day])
    return [f"{first}:{last}" if first != last else str(first) for first, last in found]
