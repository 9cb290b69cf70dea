from datetime import date, datetime

import pytest

from simulators.world.working_time import ZONE, Calendar, CalendarError, WorkingTime, read_calendar, shipped_calendar
from streams.core.civil import HOUR, seconds

TIME = WorkingTime(shipped_calendar("vietnam"))


def at(text: str) -> int:
    return seconds(datetime.fromisoformat(text).replace(tzinfo=ZONE))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-09T08:00", 1, "2026-11-10T17:00"),
        ("2026-11-13T16:59", 1, "2026-11-16T17:00"),  # over a weekend
        ("2026-11-23T08:00", 1, "2026-11-25T17:00"),  # the Culture Day between
        ("2026-11-13T17:00", 1, "2026-11-17T17:00"),  # shut: it counts from Monday
        ("2026-08-21T09:00", 1, "2026-08-22T17:00"),  # a worked Saturday
        ("2026-02-13T09:00", 3, "2026-02-25T17:00"),  # Tết
    ],
)
def test_working_days_end_at_the_close_of_office(start: str, days: int, due: str) -> None:
    assert TIME.close_after(at(start), days) == at(due)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-09T08:00", 2, "2026-11-09T10:00"),
        ("2026-11-09T10:30", 2, "2026-11-09T14:00"),
        ("2026-11-09T07:30", 8, "2026-11-09T17:00"),  # used up at the close, not the next morning
        ("2026-11-13T16:00", 2, "2026-11-16T08:30"),
        ("2026-11-09T11:30", 0, "2026-11-09T13:00"),  # half open: shut at the very close
        ("2026-11-08T12:00", 0, "2026-11-09T07:30"),
    ],
)
def test_working_hours_end_at_the_earliest_instant_at_which_they_are_used_up(start: str, hours: int, end: str) -> None:
    assert TIME.after(at(start), hours * HOUR) == at(end)


def test_a_year_without_a_calendar_is_an_error_that_names_it() -> None:
    with pytest.raises(CalendarError, match=r"no year 2028, it holds 2024 to 2027"):
        TIME.close_after(at("2027-12-31T10:00"), 1)


def test_a_faulty_calendar_is_refused_with_its_row() -> None:
    with pytest.raises(CalendarError, match=r"mine, row 2"):
        read_calendar(["date,kind", "2026-01-01,holiday", "2026-13-01,holiday"], "mine")


def test_a_holiday_on_a_weekday_is_not_worked() -> None:
    calendar = Calendar("mine", [date(2026, 1, 1)], [])
    time = WorkingTime(calendar)
    assert not time.is_open(at("2026-01-01T09:00"))
    assert time.is_open(at("2026-01-02T09:00"))
