"""Adding many full cells to their sums at once: by unit and week or month first, and only then up the hierarchy.

A cell alone adds to five periods of its unit and of everyone above it.  A year of cells taken in one by one, as whoever
takes INDEX over reads them, would add most of its numbers to the same sums a hundred times over.
"""

from collections.abc import Iterable, Iterator
from operator import add
from typing import TypeAlias, TypeVar

from streams.core.civil import ALL, period_end_days, periods_of
from streams.core.contributions import NO_DAY
from streams.core.register import Register
from streams.core.spans import LATEST

Sums: TypeAlias = list[int]
_Key = TypeVar("_Key")
_Of: TypeAlias = tuple[str, str, int]  # unit as sent, period, first day after it


def entries_of(register: Register, unit: str, day: int) -> Iterator[tuple[str, str]]:
    """Every (period, unit) that a cell adds to: its unit and all above it, by the register as of the period's end."""
    for above in register.chain(unit, LATEST):
        yield ALL, above
    if day == NO_DAY:
        return
    for period, end in zip(periods_of(day), period_end_days(day), strict=True):
        for above in register.chain(unit, end - 1):
            yield period, above


def spread(
    register: Register,
    cells: Iterable[tuple[tuple[str, int], Sums]],
) -> dict[tuple[str, str], Sums]:
    """What these cells (unit, day; counts by place) add to each (period, unit)."""
    own: dict[_Of, Sums] = {}
    months: dict[tuple[str, int], Sums] = {}  # by the last day of the month
    for (unit, day), counts in cells:
        if day == NO_DAY:
            _add(own, (unit, ALL, LATEST + 1), counts)
            continue
        week_end, month_end, *_ = period_end_days(day)
        _add(own, (unit, periods_of(day)[0], week_end), counts)
        _add(months, (unit, month_end - 1), counts)
    for (unit, last), counts in months.items():
        for period, end in _longer(last):
            _add(own, (unit, period, end), counts)
    sums: dict[tuple[str, str], Sums] = {}
    for (unit, period, end), counts in own.items():
        for above in register.chain(unit, end - 1):
            _add(sums, (period, above), counts)
    return sums


def _longer(day: int) -> Iterator[tuple[str, int]]:
    """Month, quarter, year and all that hold a day, with the first day after each."""
    yield from list(zip(periods_of(day), period_end_days(day), strict=True))[1:]
    yield ALL, LATEST + 1


def _add(sums: dict[_Key, Sums], key: _Key, counts: Sums) -> None:
    held = sums.get(key)
    sums[key] = counts if held is None else list(map(add, held, counts))
