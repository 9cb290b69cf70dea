"""The working calendar's tables against a walk over days, in zones with and without summer time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.calendar import Calendar, CalendarError, Kind, MissingYear, Status, UnusualDay, Week, read_calendar
from streams.core.civil import Civil, date_of, day_number, seconds
from tests.streams.core.walked import SHIPPED, TEN_YEARS, Walk, cases, ten_years

CIVIL = Civil("Asia/Ho_Chi_Minh")
VIETNAM = read_calendar(SHIPPED, "vietnam.csv", CIVIL)
ZONES = ("Asia/Ho_Chi_Minh", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo")
CALENDARS = {zone: read_calendar(ten_years(), "ten years", Civil(zone)) for zone in ZONES}
WALKS = {zone: Walk(ten_years(), zone) for zone in ZONES}
FIRST, LAST = (int(datetime(year, 1, 9, tzinfo=ZoneInfo("UTC")).timestamp()) for year in (TEN_YEARS[0], TEN_YEARS[-1]))
zones = st.sampled_from(ZONES)
instants = st.integers(FIRST, LAST)


def at(text: str, zone: str = "Asia/Ho_Chi_Minh") -> int:
    return seconds(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def day(text: str) -> int:
    return day_number(date.fromisoformat(text))


@given(zones, instants)
def test_the_next_working_moment_is_that_of_a_walk(zone: str, instant: int) -> None:
    assert CALENDARS[zone].next_moment(instant) == WALKS[zone].start(instant)


@given(zones, instants, st.integers(0, 5_000_000))
def test_working_time_between_two_instants_is_that_of_a_walk(zone: str, first: int, length: int) -> None:
    last = min(first + length, LAST)
    assert CALENDARS[zone].worked_between(first, last) == WALKS[zone].worked(first, last)
    assert CALENDARS[zone].worked_between(last + 1, first) == 0


@given(zones, instants, st.integers(1, 2_000_000))
def test_working_time_added_is_the_working_time_measured(zone: str, instant: int, length: int) -> None:
    calendar = CALENDARS[zone]
    begin = calendar.next_moment(instant)
    assert calendar.worked_between(begin, calendar.after(begin, length)) == length


@given(zones, instants)
def test_places_and_instants_are_those_of_the_zone(zone: str, instant: int) -> None:
    calendar, moment = CALENDARS[zone], datetime.fromtimestamp(instant, ZoneInfo(zone))
    found, second = calendar.place(instant)
    assert (date_of(found), second) == (moment.date(), moment.hour * 3600 + moment.minute * 60 + moment.second)
    if not moment.fold:
        assert calendar.instant(found, second) == instant


@given(zones, instants)
def test_days_and_closings_are_those_of_a_walk(zone: str, instant: int) -> None:
    calendar, walk = CALENDARS[zone], WALKS[zone]
    found = calendar.place(instant)[0]
    office = walk.office(date_of(found))
    assert calendar.office(found) == office
    assert calendar.is_working(found) == bool(office)
    assert calendar.closes_from(found) == walk.close_from(date_of(found))
    if office:
        assert calendar.closes(found) == office[-1][1]
    assert calendar.first_working_day(found) == calendar.place(walk.close_from(date_of(found)))[0]


def test_a_clock_put_forward_in_office_hours_takes_an_hour_off_that_day() -> None:
    # New York 8 March 2026, a Sunday: 2:00 became 3:00.  1 November 2026: 2:00 became 1:00.
    night = Week((0, 1, 2, 3, 4, 5, 6), ((0, 14_400), (28_800, 57_600)))
    calendar = Calendar(Civil("America/New_York"), {2026: Status.CONFIRMED}, [], night)
    zone = "America/New_York"
    assert calendar.worked_between(at("2026-03-08 00:00", zone), at("2026-03-08 20:00", zone)) == 11 * 3600
    assert calendar.worked_between(at("2026-11-01 00:00", zone), at("2026-11-01 20:00", zone)) == 13 * 3600
    assert calendar.closes(day("2026-03-08")) == at("2026-03-08 16:00", zone)
    assert calendar.after(at("2026-03-08 01:00", zone), 2 * 3600) == at("2026-03-08 04:00", zone)


DAYS_BETWEEN = [
    ("2026-03-02 07:30", "2026-03-02 17:00", 1.0),
    ("2026-03-02 07:30", "2026-03-02 11:30", 0.5),
    ("2026-03-02 11:30", "2026-03-02 13:00", 0.0),
    ("2026-03-02 09:30", "2026-03-03 09:30", 1.0),
    ("2026-03-06 16:00", "2026-03-09 08:30", 0.25),  # an hour on Friday, an hour on Monday
    ("2026-03-02 17:00", "2026-03-03 07:30", 0.0),
    ("2026-02-13 17:00", "2026-02-23 17:00", 1.0),  # Tết
    ("2026-01-09 17:00", "2026-01-12 17:00", 2.0),  # a worked Saturday
    ("2026-03-03 17:00", "2026-03-02 11:30", -1.5),  # overdue
    ("2026-03-07 09:00", "2026-03-08 23:59", 0.0),
]


@pytest.mark.parametrize(("first", "last", "days"), DAYS_BETWEEN)
def test_working_days_left_or_overdue_count_parts_of_days(first: str, last: str, days: float) -> None:
    assert VIETNAM.working_days_between(at(first), at(last)) == days


@given(instants, st.integers(1, 60))
def test_the_nth_close_of_office_is_n_working_days_after_a_close(instant: int, count: int) -> None:
    calendar = CALENDARS["Asia/Ho_Chi_Minh"]
    begin = calendar.closes_from(calendar.place(instant)[0])
    assert calendar.working_days_between(begin, calendar.closes_after(begin - 1, count)) == count
    assert ceil(calendar.working_days_between(begin - 1, calendar.closes_after(begin - 1, count))) == count + 1


def test_a_day_of_other_hours_is_still_one_working_day() -> None:
    weeks = {day("2026-01-01"): Week(), day("2026-03-03"): Week(hours=((28_800, 43_200),))}
    calendar = Calendar(CIVIL, {2026: Status.CONFIRMED}, [], weeks=weeks)
    assert calendar.working_days_between(at("2026-03-02 07:30"), at("2026-03-03 12:00")) == 2
    assert calendar.working_days_between(at("2026-03-02 13:00"), at("2026-03-03 10:00")) == 1
    assert calendar.worked_between(at("2026-03-02 07:30"), at("2026-03-03 12:00")) == 12 * 3600
    assert calendar.after(at("2026-03-02 13:00"), 6 * 3600) == at("2026-03-03 10:00")


@pytest.mark.parametrize(("text", "year"), [("2023-12-31 23:59:59", 2023), ("2028-01-01 00:00", 2028)])
def test_a_year_without_a_calendar_is_named_by_every_question(text: str, year: int) -> None:
    instant, found = at(text), day(text[:10])
    for ask in (VIETNAM.next_moment, VIETNAM.worked, lambda one: VIETNAM.after(one, 1)):
        with pytest.raises(MissingYear, match=str(year)):
            ask(instant)
    of_days: tuple[Callable[[int], object], ...] = (VIETNAM.is_working, VIETNAM.closes, VIETNAM.closes_from)
    for asked in (*of_days, VIETNAM.week_of, VIETNAM.first_working_day):
        with pytest.raises(MissingYear, match=str(year)):
            asked(found)


def test_after_the_last_office_hour_of_the_last_year_the_next_year_is_missing() -> None:
    evening = at("2027-12-31 17:00")
    for ask in (VIETNAM.next_moment, lambda one: VIETNAM.after(one, 1), lambda one: VIETNAM.closes_after(one, 1)):
        with pytest.raises(MissingYear, match="2028"):
            ask(evening)
    assert VIETNAM.worked_between(evening, at("2027-12-31 23:59")) == 0


def test_provisional_years_are_named() -> None:
    first, last = at("2026-12-30 10:00"), at("2027-01-05 17:00")
    assert VIETNAM.provisional_years(first, last) == (2027,)
    assert VIETNAM.is_provisional(first, last)
    assert VIETNAM.provisional_years(at("2025-12-30 10:00"), at("2026-12-05 17:00")) == ()


def test_the_reason_of_a_day_off_is_there_in_both_languages() -> None:
    assert VIETNAM.reason_off(day("2026-09-02")) == "Quốc khánh"
    assert VIETNAM.reason_off(day("2026-09-02"), english=True) == "National Day"
    assert VIETNAM.reason_off(day("2026-08-22")) == VIETNAM.reason_off(day("2026-08-23")) == ""


def test_a_holiday_without_an_english_name_keeps_its_own() -> None:
    feast = UnusualDay(day("2026-05-05"), Kind.HOLIDAY, "Lễ hội", "tỉnh")
    calendar = Calendar(CIVIL, {2026: Status.CONFIRMED}, [feast])
    assert calendar.reason_off(feast.day, english=True) == "Lễ hội"


def test_the_version_changes_with_everything_that_moves_a_due_date_and_with_nothing_else() -> None:
    years, feast = {2026: Status.CONFIRMED}, UnusualDay(day("2026-05-05"), Kind.HOLIDAY, "Lễ", "tỉnh")
    plain = Calendar(CIVIL, years, [feast])
    assert plain.version == Calendar(CIVIL, dict(years), [feast], Week()).version
    others = [
        Calendar(Civil("America/New_York"), years, [feast]),
        Calendar(CIVIL, {2026: Status.PROVISIONAL}, [feast]),
        Calendar(CIVIL, years, []),
        Calendar(CIVIL, years, [feast], Week(weekdays=(0, 1, 2, 3, 4, 5))),
        Calendar(CIVIL, years, [feast], weeks={day("2026-01-01"): Week(), day("2026-07-01"): Week()}),
    ]
    assert len({plain.version, *(other.version for other in others)}) == 6


@pytest.mark.parametrize(
    "make",
    [
        lambda: Calendar(CIVIL, {}, []),
        lambda: Calendar(CIVIL, {2024: Status.CONFIRMED, 2026: Status.CONFIRMED}, []),
        lambda: Calendar(CIVIL, {2026: Status.CONFIRMED}, [], Week(hours=((50_000, 60_000), (30_000, 40_000)))),
        lambda: Calendar(CIVIL, {2026: Status.CONFIRMED}, [], weeks={day("2026-02-01"): Week()}),
        lambda: Calendar(CIVIL, {2026: Status.CONFIRMED}, [UnusualDay(day("2027-01-01"), Kind.HOLIDAY, "Tết", "luật")]),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(CalendarError):
        make()


def test_the_random_cases_do_include_what_they_are_said_to() -> None:
    walk = WALKS["Asia/Ho_Chi_Minh"]
    found = cases(walk, 4_000, 3)
    received = [datetime.fromtimestamp(one[0], walk.zone) for one in found]
    assert any((moment.month, moment.day) == (2, 29) for moment in received)
    assert any(walk.kinds.get(moment.date().isoformat()) == "working_saturday" for moment in received)
    assert any(f"{moment:%H:%M:%S}" == "11:30:00" for moment in received)
    assert 0.25 < sum(bool(pauses) for _, _, pauses, _ in found) / len(found) < 0.42
