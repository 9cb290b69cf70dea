"""Due dates by a walk over days: reads the calendar's file itself, knows no sums and none of the calendar's tables.

What the deadline engine and its trail are held to, in tests and beside the benchmark.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from importlib import resources
from random import Random
from zoneinfo import ZoneInfo

from streams.core.deadlines import Limit, Pause, Unit

ONE = timedelta(days=1)
SHIPPED = (resources.files("streams") / "data" / "calendars" / "vietnam.csv").read_text(encoding="utf-8").splitlines()
TEN_YEARS = range(2020, 2030)
Case = tuple[int, Limit, list[Pause], bool]


class Walk:
    """The same questions as the calendar's, each answered by stepping from day to day."""

    def __init__(self, lines: Iterable[str], zone: str = "Asia/Ho_Chi_Minh") -> None:
        self.zone = ZoneInfo(zone)
        rows = sorted(csv.DictReader(lines), key=lambda row: row["date"])
        self.kinds = {row["date"]: row["kind"] for row in rows if row["kind"] in ("holiday", "working_saturday")}
        self.hours = [(row["date"], row["value"]) for row in rows if row["kind"] == "hours"]
        self._known: dict[date, list[tuple[int, int]]] = {}

    def day(self, instant: int) -> date:
        return datetime.fromtimestamp(instant, self.zone).date()

    def office(self, day: date) -> list[tuple[int, int]]:
        if day not in self._known:
            kind = self.kinds.get(day.isoformat())
            works = day.weekday() < 5 if kind is None else kind == "working_saturday"
            self._known[day] = self._intervals(day) if works else []
        return self._known[day]

    def _intervals(self, day: date) -> list[tuple[int, int]]:
        held = [value for since, value in self.hours if since <= day.isoformat()][-1]
        bounds = [
            int(datetime.fromisoformat(f"{day}T{text}").replace(tzinfo=self.zone).timestamp())
            for text in held.replace("-", " ").split()
        ]
        return list(zip(bounds[::2], bounds[1::2], strict=True))

    def start(self, received: int) -> int:
        day = self.day(received)
        while True:
            for begin, end in self.office(day):
                if received < end:
                    return max(received, begin)
            day += ONE

    def close_from(self, day: date) -> int:
        while not self.office(day):
            day += ONE
        return self.office(day)[-1][1]

    def used_up(self, start: int, length: int) -> int:
        day = self.day(start)
        while length:
            for begin, end in self.office(day):
                left = end - max(begin, start)
                if left > 0 and length <= left:
                    return max(begin, start) + length
                length -= max(left, 0)
            day += ONE
        return start

    def worked(self, first: int, last: int) -> int:
        day, total = self.day(first), 0
        while day <= self.day(last):
            total += sum(max(min(last, end) - max(first, begin), 0) for begin, end in self.office(day))
            day += ONE
        return total

    def due(self, received: int, limit: Limit, pauses: Sequence[Pause] = (), *, saturdays: bool = False) -> int:
        start, day = self.start(received), self.day(received)
        in_days = limit.unit not in (Unit.WORKING_HOURS, Unit.SAME_DAY)
        if saturdays and in_days and day.weekday() == 5 and day.isoformat() not in self.kinds:
            start = received
        at = self._plain(start, limit)
        merged = merge([Pause(max(begin, start), end) for begin, end in pauses])
        if limit.unit in (Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS):
            at_least, day = at + sum(end - begin for begin, end in merged), self.day(at)
            while self.close_from(day) < at_least:
                day += ONE
            return self.close_from(day)
        paused = sum(self.worked(begin, end) for begin, end in merged)
        later = self.used_up(at, paused)
        exact = paused == 0 or limit.unit is Unit.WORKING_HOURS or limit.same_time
        return later if exact else self.close_from(self.day(later))

    def _plain(self, start: int, limit: Limit) -> int:
        if limit.unit is Unit.WORKING_HOURS:
            return self.used_up(start, round(limit.count * 3600))
        moment = datetime.fromtimestamp(start, self.zone)
        day, left = moment.date(), int(limit.count)
        if limit.unit is Unit.WORKING_DAYS:
            while left:
                day += ONE
                left -= bool(self.office(day))
            same = datetime.combine(day, moment.time(), self.zone).timestamp()
            return int(same) if limit.same_time else self.close_from(day)
        if limit.unit is Unit.SAME_DAY:
            return self.close_from(day if moment.time() <= cut_off(limit) else day + ONE)
        if limit.unit is Unit.CALENDAR_DAYS:
            return self.close_from(day + left * ONE)
        month, last = day.replace(day=1), day.day
        for _ in range(left):
            month = (month + 31 * ONE).replace(day=1)
        end = month
        while end.day < last and (end + ONE).month == month.month:
            end += ONE
        return self.close_from(end)


def cut_off(limit: Limit) -> time:
    """The time of day up to which the day of the start itself counts."""
    minutes, second = divmod(limit.cut_off, 60)
    return time(*divmod(minutes, 60), second)


def merge(pauses: Iterable[Pause]) -> list[Pause]:
    """The union by laying them over one another, end by end."""
    found: list[Pause] = []
    ends = sorted(
        [(begin, 1) for begin, end in pauses if end > begin] + [(end, -1) for begin, end in pauses if end > begin]
    )
    open_, begun = 0, 0
    for moment, step in ends:
        if open_ == 0:
            begun = moment
        open_ += step
        if open_ == 0:
            found.append(Pause(begun, moment))
    return found


def ten_years() -> list[str]:
    """A file of ten years: the days of the shipped one moved by four and eight years, and hours that change once."""
    lines = [
        "date,kind,value,name_vi,name_en,source",
        f"{TEN_YEARS[0]}-01-01,weekdays,Mon-Fri,,,made up",
        f"{TEN_YEARS[0]}-01-01,hours,07:30-11:30 13:00-17:00,,,made up",
        "2026-06-15,hours,07:00-11:15 13:30-17:00,,,made up",
        *(f"{year}-01-01,confirmed_year,,,,made up" for year in TEN_YEARS),
    ]
    rows = [row for row in csv.DictReader(SHIPPED) if row["kind"] in ("holiday", "working_saturday")]
    for year in TEN_YEARS:
        moved = [(date.fromisoformat(row["date"]), row) for row in rows if int(row["date"][:4]) % 4 == year % 4]
        off = {day.replace(year=year) for day, row in moved if row["kind"] == "holiday"}
        for day, row in moved:
            then = day.replace(year=year)
            if row["kind"] == "working_saturday":
                then += (5 - then.weekday()) % 7 * ONE
            if row["kind"] == "holiday" or then not in off:
                lines.append(f"{then},{row['kind']},,{row['name_vi']},{row['name_en'].replace(',', '')},made up")
    return lines


def edges(walk: Walk) -> list[date]:
    """Both ends of every holiday and exchanged day, the days beside them, and 29 February."""
    days = [date.fromisoformat(day) for day in walk.kinds]
    beside = {day + step * ONE for day in days for step in (-1, 0, 1)}
    return sorted(beside | {date(year, 2, 29) for year in (2020, 2024, 2028)})


def cases(walk: Walk, count: int, seed: int) -> list[Case]:
    """Receptions, half of them on an edge of day and of hour, with limits as procedures have; a third with a pause."""
    dice, days = Random(seed), [day for day in edges(walk) if date(2020, 1, 8) < day < date(2028, 6, 1)]
    first, last = (int(datetime(*day, tzinfo=walk.zone).timestamp()) for day in ((2020, 1, 8), (2028, 6, 1)))
    found: list[Case] = []
    for _ in range(count):
        received = dice.randrange(first, last)
        if dice.random() < 0.5:
            day, bounds = dice.choice(days), [25_200, 27_000, 40_500, 41_400, 46_800, 48_600, 54_000, 61_200, 86_400]
            midnight = int(datetime(day.year, day.month, day.day, tzinfo=walk.zone).timestamp())
            received = midnight + dice.choice(bounds) + dice.choice((-1, 0, 1))
        pauses = [_pause(dice, received) for _ in range(dice.choice((0, 0, 0, 0, 1, 2)))]
        found.append((received, _limit(dice), pauses, dice.random() < 0.2))
    return found


def _limit(dice: Random) -> Limit:
    unit = dice.choices(list(Unit), weights=(55, 15, 10, 5, 15))[0]
    if unit is Unit.SAME_DAY:
        return Limit(unit)
    if unit is Unit.WORKING_HOURS:
        return Limit(unit, dice.choice((0.5, 1, 2, 4, 8, 16, 40, dice.randrange(1, 400) / 3)))
    if unit is Unit.CALENDAR_MONTHS:
        return Limit(unit, dice.randint(1, 12))
    return Limit(unit, dice.choice((1, 2, 3, 5, 7, 10, 15, 20, 30, 45)), same_time=dice.random() < 0.1)


def _pause(dice: Random, received: int) -> Pause:
    start = received + dice.randrange(-5 * 86_400, 30 * 86_400)
    return Pause(start, start + dice.choice((0, 600, 9_000, 86_400, dice.randrange(40 * 86_400))))
