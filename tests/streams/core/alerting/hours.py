"""Closed hours of one commune and its province, as a test tells them: counters by hour of the simulated days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime

from streams.core.alerting.evaluator import Hour
from streams.core.alerting.office import Office
from streams.core.calendar import Calendar, Status
from streams.core.civil import ALL, HOUR, MICROS, Civil, day_number
from streams.core.register import Level, Register, Unit

CIVIL = Civil("Asia/Ho_Chi_Minh")
CALENDAR = Calendar(CIVIL, {2026: Status.CONFIRMED}, [])
REGISTER = Register(
    [
        Unit("VN", "Việt Nam", Level.COUNTRY, ""),
        Unit("P", "Tỉnh P", Level.PROVINCE, "VN"),
        *(Unit(f"X{number}", f"Xã {number}", Level.COMMUNE, "P") for number in range(4)),
    ]
)
FIRST = day_number(date(2026, 11, 2))  # a Monday
Told = Callable[[str, int, int], Mapping[str, int]]  # unit, working day from 0, hour of the day -> counters of all time


def instant(day: int, hour: int) -> int:
    """Micros of a full hour, days counted from the Monday."""
    return (CIVIL.midnight(FIRST + day) + hour * HOUR) * MICROS


def hours(told: Told, days: int) -> Iterator[Hour]:
    """Every full hour of so many civil days; counters by unit, weekends as on the Friday."""
    office = Office(CIVIL, CALENDAR)
    for number in range(days * 24):
        day, hour = divmod(number, 24)
        week, weekday = divmod(day, 7)
        working = 5 * week + min(weekday, 4)
        at = 24 if weekday > 4 else hour

        def counts(period: str, unit: str, working: int = working, at: int = at) -> Mapping[str, int]:
            return told(unit, working, at) if period in {ALL, "2026-11"} else {}

        yield Hour(instant(day, hour), counts, _no_points, office)


def _no_points(_period: str, _unit: str) -> None:
    return None


def text(at: int) -> str:
    """An instant (micros) in civil time: 2026-11-10T14."""
    return datetime.fromtimestamp(at // MICROS, UTC).astimezone(CIVIL.zone).strftime("%Y-%m-%dT%H")
