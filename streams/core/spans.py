"""The civil days of a period, by its name."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from streams.core.civil import ALL, MONTH, QUARTER, WEEK, day_number, period_kind

LATEST: Final = day_number(date.max) - 1
"""The civil day (number) as of which `all` rolls up: the far one that `rolling_day` has for it."""


class Span(NamedTuple):
    """Civil days from `first` up to, not including, `end`."""

    first: date
    end: date

    def holds(self, day: date | None) -> bool:
        """True for a day inside; False for none."""
        return day is not None and self.first <= day < self.end


def span_of(period: str) -> Span:
    """The days of 2026-W48, 2026-11, 2026-Q4, 2026 or all; ValueError where the name is none, or no such week is."""
    kind = period_kind(period)
    if kind == ALL:
        return Span(date.min, date.max)
    year = int(period[:4])
    if kind == WEEK:
        first = date.fromisocalendar(year, int(period[6:]), 1)
        return Span(first, first + timedelta(days=7))
    if kind == MONTH:
        return _months(year, int(period[5:]), 1)
    if kind == QUARTER:
        return _months(year, 3 * int(period[6:]) - 2, 3)
    return _months(year, 1, 12)


def rolling_day(period: str) -> int:
    """The last civil day (number) of a period, by which units roll up; a far one for `all`."""
    return day_number(span_of(period).end) - 1


def _months(year: int, month: int, many: int) -> Span:
    after = month - 1 + many
    return Span(date(year, month, 1), date(year + after // 12, after % 12 + 1, 1))


def months_of(period: str) -> tuple[str, ...]:
    """The months of a month, quarter or year; none for a week."""
    kind = period_kind(period)
    if kind in (ALL, WEEK):
        return ()
    span = span_of(period)
    return tuple(f"{span.first.year}-{month:02}" for month in range(span.first.month, (span.end.month - 2) % 12 + 2))
