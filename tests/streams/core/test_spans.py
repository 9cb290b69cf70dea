"""The days of a period begin and end where those of its neighbours do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.civil import ALL, date_of, day_number, period_end_days, periods_of
from streams.core.spans import Span, months_of, span_of


@given(st.dates(date(1971, 1, 1), date(2900, 1, 1)))
def test_a_day_lies_in_the_spans_of_its_periods_and_these_end_where_the_calendar_says(day: date) -> None:
    number = day_number(day)
    for period, end in zip(periods_of(number), period_end_days(number), strict=True):
        span = span_of(period)
        assert span.holds(day)
        assert span.end == date_of(end)
        assert not span.holds(span.end)
        assert period in periods_of(day_number(span.first))
        assert period not in periods_of(day_number(span.first - timedelta(days=1)))


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-11", ("2026-11",)),
        ("2026-12", ("2026-12",)),
        ("2026-Q1", ("2026-01", "2026-02", "2026-03")),
        ("2026-Q4", ("2026-10", "2026-11", "2026-12")),
        ("2026", tuple(f"2026-{month:02}" for month in range(1, 13))),
        ("2026-W01", ()),
        (ALL, ()),
    ],
)
def test_the_months_of_a_period(period: str, months: tuple[str, ...]) -> None:
    assert months_of(period) == months


def test_all_holds_every_day_but_none() -> None:
    assert span_of(ALL).holds(date(2026, 1, 1))
    assert not Span(date(2026, 1, 1), date(2026, 2, 1)).holds(None)


@pytest.mark.parametrize("period", ["2026-13", "2026-Q5", "2025-W53", "x"])
def test_what_is_no_period_is_an_error(period: str) -> None:
    with pytest.raises(ValueError, match=r"not a period|[Ii]nvalid week"):
        span_of(period)
