"""The steps of a trail, found by walking from day to day; none of the calendar's sums is asked.

Instants are in seconds, days are day numbers.
"""

import msgspec

from streams.core.calendar import Calendar, Kind
from streams.core.civil import date_of
from streams.core.trail_words import StepKind


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of time from `start` to `end`, what it is, and how much of the limit it uses (in the limit's unit).

    `days` says how many equal civil days were taken together.  A pause uses nothing: `used` is what it gives back, in
    hours.
    """

    start: int
    end: int
    kind: StepKind
    used: float = 0
    days: int = 1
    name_vi: str = ""
    name_en: str = ""
    source: str = ""


class Steps:
    """Steps in the order of time; equal days that follow one another are taken together."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.found: list[Step] = []
        self._whole = -1  # the day on which the last step ends when it takes in whole days, else -1

    def add(self, start: int, end: int, kind: StepKind, used: float = 0) -> None:
        """A part of a day."""
        self.found.append(Step(start, end, kind, used))
        self._whole = -1

    def add_day(self, day: int, used: float = 0) -> None:
        """A whole day, off or in its office hours, beside the days like it."""
        kind, name_vi, name_en, source = described(self.calendar, day)
        office = self.calendar.office(day)
        civil = self.calendar.civil
        start, end = (office[0][0], office[-1][1]) if office else (civil.midnight(day), civil.midnight(day + 1))
        step = Step(start, end, kind, used, 1, name_vi, name_en, source)
        if self._whole == day - 1 and self.found:
            before = self.found[-2] if self.found[-1].kind is StepKind.NIGHT and len(self.found) > 1 else self.found[-1]
            if (before.kind, before.name_vi) == (kind, name_vi):
                del self.found[self.found.index(before) :]
                step = msgspec.structs.replace(
                    step, start=before.start, used=before.used + used, days=before.days + 1, source=before.source
                )
        self.found.append(step)
        self._whole = day

    def leave_last_day(self, day: int, at: int) -> None:
        """Of the worked day that was added last only the time before the opening, up to `at`, is needed."""
        run, kept = self.found.pop(), len(self.found)
        self._whole = -1
        self.add_day(day, 1)
        begin = self.calendar.civil.midnight(day)
        self.found[kept] = msgspec.structs.replace(self.found[kept], start=begin, end=max(at, begin))
        if run.days > 1:
            end = self.calendar.office(day - 1)[-1][1]
            run = msgspec.structs.replace(run, end=end, used=run.used - 1, days=run.days - 1)
            self.found.insert(kept, run)

    def add_night(self, day: int) -> None:
        """From the close of a day to the opening of the next, when both are worked."""
        first, second = self.calendar.office(day), self.calendar.office(day + 1)
        if first and second:
            self.found.append(Step(first[-1][1], second[0][0], StepKind.NIGHT))


def described(calendar: Calendar, day: int) -> tuple[StepKind, str, str, str]:
    """What a civil day is, with its names and source where it is unusual."""
    found = calendar.exceptions.get(day)
    if found is None:
        works = date_of(day).weekday() in calendar.week_of(day).weekdays
        return (StepKind.WORKED if works else StepKind.WEEKEND), "", "", ""
    kind = StepKind.HOLIDAY if found.kind is Kind.HOLIDAY else StepKind.SWAPPED
    return kind, found.name, found.name_en or found.name, found.source


def working_days(calendar: Calendar, start: int, count: int, *, same_time: bool) -> tuple[list[Step], int]:
    """The steps of a limit in working days and the instant at which it ends."""
    steps = Steps(calendar)
    day, second = calendar.place(start)
    steps.add(start, _end_of(calendar, day, start), StepKind.DAY_0)
    while count:
        day += 1
        works = bool(calendar.office(day))
        count -= works
        steps.add_day(day, int(works))
    opens, closes = calendar.office(day)[0][0], calendar.office(day)[-1][1]
    if not same_time:
        return steps.found, closes
    at = calendar.instant(day, second)
    if at > opens:
        steps.found[-1] = msgspec.structs.replace(steps.found[-1], end=at)
    else:
        steps.leave_last_day(day, at)
    return steps.found, at


def calendar_time(calendar: Calendar, start: int, last: int, count: int, *, months: bool) -> tuple[list[Step], int]:
    """The steps of a limit that ends on the civil day `last`, or on the next that is worked, and when it ends."""
    steps = Steps(calendar)
    day = calendar.place(start)[0]
    civil, office = calendar.civil, calendar.office(last)
    steps.add(start, civil.midnight(day + 1), StepKind.DAY_0)
    if office:
        steps.found.append(Step(civil.midnight(day + 1), office[-1][1], StepKind.COUNTED, count, last - day))
        return steps.found, office[-1][1]
    if last > day + 1:
        used = count if months else count - 1
        steps.found.append(Step(civil.midnight(day + 1), civil.midnight(last), StepKind.COUNTED, used, last - day - 1))
    steps.add_day(last, 0 if months else 1)
    return steps.found, _to_close(steps, last + 1)


def same_day(calendar: Calendar, start: int, *, next_day: bool) -> tuple[list[Step], int]:
    """The steps of a limit that ends on the day of the start, or on the next working day."""
    steps = Steps(calendar)
    day = calendar.place(start)[0]
    closes = calendar.office(day)[-1][1]
    steps.add(start, closes, StepKind.DAY_0 if next_day else StepKind.WORKED)
    return steps.found, _to_close(steps, day + 1) if next_day else closes


def working_hours(calendar: Calendar, start: int, length: int) -> tuple[list[Step], int]:
    """The steps in which `length` working seconds (above 0) from `start` on are used up, in hours, and when."""
    steps = Steps(calendar)
    day = calendar.place(start)[0]
    at = start
    while length:
        office = calendar.office(day)
        whole = sum(end - begin for begin, end in office)
        if not office:
            steps.add_day(day)
        elif at <= office[0][0] and length >= whole:
            steps.add_day(day, whole / 3600)
            length, at = length - whole, office[-1][1]
        else:
            length, at = _part_of(steps, office, at, length)
        if length:
            steps.add_night(day)
            day += 1
    return steps.found, at


def to_close(calendar: Calendar, at: int) -> tuple[list[Step], int]:
    """The steps from `at` to the first close of office that is not before it, and that close."""
    steps = Steps(calendar)
    day = calendar.place(at)[0]
    office = calendar.office(day)
    if office and at <= office[-1][1]:
        if at < office[-1][1]:
            steps.add(at, office[-1][1], StepKind.WORKED)
        return steps.found, office[-1][1]
    if not office:
        steps.add_day(day)
        steps.found[0] = msgspec.structs.replace(steps.found[0], start=at)
    return steps.found, _to_close(steps, day + 1)


def worked_seconds(calendar: Calendar, first: int, last: int) -> int:
    """Working seconds between two instants."""
    days = range(calendar.place(first)[0], calendar.place(last)[0] + 1)
    return sum(max(min(end, last) - max(begin, first), 0) for day in days for begin, end in calendar.office(day))


def _to_close(steps: Steps, day: int) -> int:
    while not steps.calendar.office(day):
        steps.add_day(day)
        day += 1
    steps.add_day(day)
    return steps.calendar.office(day)[-1][1]


def _part_of(steps: Steps, office: list[tuple[int, int]], at: int, length: int) -> tuple[int, int]:
    """Uses the office hours of one day from `at` on; what is left of the length, and up to when it was used."""
    for begin, end in office:
        if length and at < end:
            if at < begin and steps.found and steps.found[-1].end == at and at > office[0][0]:
                steps.add(at, begin, StepKind.LUNCH)
            first = max(begin, at)
            used = min(length, end - first)
            steps.add(first, first + used, StepKind.WORKED, used / 3600)
            length, at = length - used, first + used
    return length, at


def _end_of(calendar: Calendar, day: int, start: int) -> int:
    office = calendar.office(day)
    return office[-1][1] if office and office[-1][1] > start else calendar.civil.midnight(day + 1)
