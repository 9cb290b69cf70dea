"""When dossiers arrive: at the counter by half hour of office days, online at all hours, peaks on Mondays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simulators.world.dice import Dice
from simulators.world.units import Office
from simulators.world.working_time import OFFICE_HOURS, WorkingTime, midnight
from streams.core.civil import HOUR, date_of

HALF_HOUR: Final = 1800
# Monday to Sunday, one on the mean of Monday to Friday; an office day at the weekend is worked in exchange.
_COUNTER_DAYS: Final = (1.22, 1.05, 1.00, 0.95, 0.78, 0.60, 0.60)
_ONLINE_DAYS: Final = (1.15, 1.05, 1.00, 0.97, 0.83, 0.45, 0.35)
_DAY_OFF: Final = 0.35
_FIVE_OF_SEVEN: Final = 5 / (5 + 0.45 + 0.35)  # of what arrives online in a week, Monday to Friday have this
# By half hour of the office day, morning first.
_COUNTER_HALVES: Final = (1.4, 1.8, 1.7, 1.5, 1.2, 1.0, 0.8, 0.5, 0.7, 1.0, 1.3, 1.2, 1.0, 0.8, 0.4, 0.1)
_ONLINE_HOURS: Final = (
    *(0.10, 0.05, 0.03, 0.02, 0.03, 0.10, 0.35, 1.00, 2.30, 2.60, 2.40, 1.60),
    *(0.80, 1.30, 2.10, 2.10, 1.70, 1.00, 0.60, 0.80, 0.90, 0.70, 0.40, 0.20),
)
_LONG: Final = 4
_LOOK_BACK: Final = 20
_A_DAY_OFF: Final = 0.08  # what a day off adds to the first office day after it; a weekend adds nothing
_FADES: Final = (1.0, 0.6, 0.4, 0.2)
_HALVES: Final = tuple(
    (begin, begin + HALF_HOUR) for opens, closes in OFFICE_HOURS for begin in range(opens, closes, HALF_HOUR)
)


def arrivals(office: Office, day: int, time: WorkingTime, factor: float, dice: Dice) -> Iterator[tuple[int, bool]]:
    """Instants (seconds) of a day at which a dossier comes in, and whether online; not in order of time."""
    weekday, works, first = date_of(day).weekday(), time.works(day), midnight(day)
    online = office.arrivals * office.online * factor * _FIVE_OF_SEVEN
    online *= _ONLINE_DAYS[weekday] if works else min(_ONLINE_DAYS[weekday], _DAY_OFF)
    for hour, weight in enumerate(_ONLINE_HOURS):
        begin = first + hour * HOUR
        for instant in _within(begin, begin + HOUR, online * weight / sum(_ONLINE_HOURS), dice):
            yield instant, True
    if works:
        counter = office.arrivals * (1 - office.online) * factor * _COUNTER_DAYS[weekday]
        for (opens, closes), weight in zip(_HALVES, _COUNTER_HALVES, strict=True):
            for instant in _within(first + opens, first + closes, counter * weight / sum(_COUNTER_HALVES), dice):
                yield instant, False


def after_days_off(day: int, time: WorkingTime) -> float:
    """By how much more comes in on the first office days after a long time off, such as Tết: what has waited."""
    passed = off = 0
    for earlier in range(day - 1, day - _LOOK_BACK, -1):
        if not time.works(earlier):
            off += 1
        elif off < _LONG:
            passed, off = passed + 1, 0
            if passed == len(_FADES):
                return 1.0
        else:
            return 1.0 + _A_DAY_OFF * (off - 2) * _FADES[passed]
    return 1.0


def _within(begin: int, end: int, expected: float, dice: Dice) -> Iterator[int]:
    """Instants of things that come on their own, `expected` of them on the mean."""
    apart = (end - begin) / expected
    instant = begin + dice.gap() * apart
    while instant < end:
        yield int(instant)
        instant += dice.gap() * apart
