"""The deadline engine against a day-by-day walk of its own, and against dates worked out by hand."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.calendar import Calendar, MissingYear, Status, read_calendar
from streams.core.civil import Civil, seconds
from streams.core.deadlines import Limit, LimitError, Pause, Unit, due, start_of, union
from tests.streams.core.walked import SHIPPED, Walk, cases, ten_years

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CIVIL = Civil("Asia/Ho_Chi_Minh")
CALENDAR = read_calendar(SHIPPED, "vietnam.csv", CIVIL)
WALK = Walk(SHIPPED)


def at(text: str) -> int:
    return seconds(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def said(instant: int) -> str:
    return CIVIL.text(instant)[:16]


FIRST, LAST = at("2024-01-02 00:00"), at("2026-11-30 00:00")
moments = st.integers(FIRST, LAST).map(lambda instant: datetime.fromtimestamp(instant, ZONE))
edges = st.sampled_from(sorted(CALENDAR.exceptions)).flatmap(
    lambda day: st.builds(
        lambda shift, second: datetime.fromtimestamp(CIVIL.midnight(day + shift) + second, ZONE),
        st.integers(-1, 1),
        st.sampled_from([0, 26_999, 27_000, 41_399, 41_400, 43_000, 46_800, 54_000, 54_001, 61_199, 61_200, 86_399]),
    ).filter(lambda moment: FIRST <= moment.timestamp() < LAST)
)
received_at = st.one_of(moments, edges)


@pytest.mark.parametrize(("zone", "count"), [("Asia/Ho_Chi_Minh", 100_000), ("America/New_York", 10_000)])
def test_due_dates_of_random_cases_over_ten_years_are_those_of_a_walk_over_days(zone: str, count: int) -> None:
    walk, calendar = Walk(ten_years(), zone), read_calendar(ten_years(), "ten years", Civil(zone))
    for received, limit, held, saturdays in cases(walk, count, seed=5):
        found = due(calendar, received, limit, held, saturdays=saturdays)
        assert found == walk.due(received, limit, held, saturdays=saturdays), (received, limit, held, saturdays)


@settings(max_examples=300)
@given(received_at, st.integers(1, 400 * 60))
def test_working_hours_of_any_length_are_those_of_a_walk(received: datetime, minutes: int) -> None:
    limit = Limit(Unit.WORKING_HOURS, minutes / 60)
    assert due(CALENDAR, seconds(received), limit) == WALK.due(seconds(received), limit)


LIMITS = st.one_of(
    st.builds(Limit, st.just(Unit.WORKING_DAYS), st.integers(1, 40), same_time=st.booleans()),
    st.builds(Limit, st.just(Unit.WORKING_HOURS), st.integers(1, 200)),
    st.builds(Limit, st.just(Unit.CALENDAR_DAYS), st.integers(1, 60)),
    st.builds(Limit, st.just(Unit.CALENDAR_MONTHS), st.integers(1, 3)),
    st.just(Limit(Unit.SAME_DAY)),
)


@given(received_at, received_at, LIMITS)
def test_a_later_reception_is_never_due_earlier(first: datetime, second: datetime, limit: Limit) -> None:
    earlier, later = sorted((seconds(first), seconds(second)))
    assert due(CALENDAR, earlier, limit) <= due(CALENDAR, later, limit)


@given(received_at, st.integers(1, 100), st.integers(1, 100))
def test_hours_after_hours_are_their_sum(received: datetime, first: int, second: int) -> None:
    begin = seconds(received)
    middle = due(CALENDAR, begin, Limit(Unit.WORKING_HOURS, first))
    both = Limit(Unit.WORKING_HOURS, first + second)
    assert CALENDAR.after(middle, second * 3600) == due(CALENDAR, begin, both)


@given(received_at, st.integers(1, 300_000))
def test_working_time_added_is_the_working_time_measured(received: datetime, length: int) -> None:
    begin = CALENDAR.next_moment(seconds(received))
    assert CALENDAR.worked_between(begin, CALENDAR.after(begin, length)) == length


pauses = st.lists(
    st.builds(
        lambda start, length: Pause(seconds(start), seconds(start) + length), received_at, st.integers(0, 900_000)
    ),
    max_size=3,
)


@given(received_at, LIMITS, pauses, st.floats(0, 1))
def test_a_pause_in_two_touching_parts_and_one_of_no_length_change_nothing(
    received: datetime, limit: Limit, held: list[Pause], share: float
) -> None:
    begin = seconds(received)
    split = [part for pause in held for part in halves(pause, share)]
    nothing = Pause(begin + 5, begin + 5)
    assert due(CALENDAR, begin, limit, held) == due(CALENDAR, begin, limit, [*split, nothing])


def halves(pause: Pause, share: float) -> list[Pause]:
    middle = pause.start + int((pause.end - pause.start) * share)
    return [Pause(pause.start, middle), Pause(middle, pause.end)]


@given(received_at, LIMITS, pauses)
def test_a_pause_never_makes_a_dossier_due_earlier(received: datetime, limit: Limit, held: list[Pause]) -> None:
    begin = seconds(received)
    start = start_of(CALENDAR, begin, limit)
    together = sum(pause.end - max(pause.start, start) for pause in union(held) if pause.end > start)
    at_last = due(CALENDAR, begin, limit, held)
    assert at_last >= due(CALENDAR, begin, limit)
    if limit.unit in (Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS):
        assert at_last >= due(CALENDAR, begin, limit) + together


BY_HAND = [
    # 8726/VPCP-KGVX of 26 November 2024.
    # Across Tết 2025, 27 to 31 January off (weekend of 1 and 2 February after it): 24 is day 0, 3 February the first.
    ("2025-01-24 09:00", Limit(Unit.WORKING_DAYS, 2), "2025-02-04 17:00"),
    # 9859/VPCP-KGVX of 13 October 2025.
    # Across Tết 2026, 16 to 20 February off: Friday 13 is day 0; 23, 24, 25 February.
    ("2026-02-13 16:00", Limit(Unit.WORKING_DAYS, 3), "2026-02-25 17:00"),
    # 8726/VPCP-KGVX.
    # Saturday 26 April 2025 worked for Friday 2 May: 25 April is day 0, 26 April the first, 28 the second.
    ("2025-04-25 10:00", Limit(Unit.WORKING_DAYS, 2), "2025-04-28 17:00"),
    # Labour Code 2019 art. 112 and 8726/VPCP-KGVX.
    # 30 April, 1 and 2 May 2025 off: 29 April is day 0, Monday 5 May the first.
    ("2025-04-29 10:00", Limit(Unit.WORKING_DAYS, 1), "2025-05-05 17:00"),
    # 2 January 2026 off in exchange for Saturday 10 January (12729/VPCP-KGVX).
    ("2025-12-31 10:00", Limit(Unit.WORKING_DAYS, 1), "2026-01-05 17:00"),
    ("2026-01-09 10:00", Limit(Unit.WORKING_DAYS, 1), "2026-01-10 17:00"),
    # 31 August to 2 September 2026 off, 22 August worked (9859/VPCP-KGVX).
    ("2026-08-21 10:00", Limit(Unit.WORKING_DAYS, 1), "2026-08-22 17:00"),
    ("2026-08-28 10:00", Limit(Unit.WORKING_DAYS, 1), "2026-09-03 17:00"),
    # 24 November 2026, Culture Day (Resolution 28/2026/QH16).
    ("2026-11-23 10:00", Limit(Unit.WORKING_DAYS, 1), "2026-11-25 17:00"),
    # Hours over lunch, over the night, and used up at the close and not the next morning.
    ("2026-03-02 11:00", Limit(Unit.WORKING_HOURS, 1), "2026-03-02 13:30"),
    ("2026-03-02 16:30", Limit(Unit.WORKING_HOURS, 1), "2026-03-03 08:00"),
    ("2026-03-02 15:00", Limit(Unit.WORKING_HOURS, 2), "2026-03-02 17:00"),
    # Received exactly at the end of an office interval: the next working moment.
    ("2026-03-02 11:30", Limit(Unit.WORKING_HOURS, 1), "2026-03-02 14:00"),
    ("2026-03-02 17:00", Limit(Unit.WORKING_HOURS, 1), "2026-03-03 08:30"),
    # The same day; after 15:00 the next working day, here a worked Saturday; exactly at 15:00 still that day.
    ("2026-01-09 15:01", Limit(Unit.SAME_DAY), "2026-01-10 17:00"),
    ("2026-01-09 15:00", Limit(Unit.SAME_DAY), "2026-01-09 17:00"),
    # Calendar days and months: to the close of that day, moved on when it is a day off; 31 January plus one month.
    ("2026-03-02 10:00", Limit(Unit.CALENDAR_DAYS, 5), "2026-03-09 17:00"),
    ("2026-01-31 09:00", Limit(Unit.CALENDAR_MONTHS, 1), "2026-03-02 17:00"),
    ("2026-01-15 09:00", Limit(Unit.CALENDAR_MONTHS, 12), "2027-01-15 17:00"),
    ("2026-03-02 10:15", Limit(Unit.WORKING_DAYS, 1, same_time=True), "2026-03-03 10:15"),
]


@pytest.mark.parametrize(("received", "limit", "expected"), BY_HAND)
def test_dates_worked_out_by_hand(received: str, limit: Limit, expected: str) -> None:
    assert said(due(CALENDAR, at(received), limit)) == expected


def test_reception_on_a_saturday_moves_no_due_date_unless_the_switch_makes_it_day_0() -> None:
    saturday, limit = at("2026-03-07 09:00"), Limit(Unit.WORKING_DAYS, 1)
    assert said(start_of(CALENDAR, saturday, limit)) == "2026-03-09 07:30"
    assert said(due(CALENDAR, saturday, limit)) == "2026-03-10 17:00"
    assert said(due(CALENDAR, saturday, limit, saturdays=True)) == "2026-03-09 17:00"
    hours = Limit(Unit.WORKING_HOURS, 1)
    assert due(CALENDAR, saturday, hours, saturdays=True) == due(CALENDAR, saturday, hours)


def test_paused_hours_are_added_to_a_due_day_and_carried_to_its_close() -> None:
    held = [Pause(at("2026-03-03 08:00"), at("2026-03-03 10:00"))]
    limit = Limit(Unit.WORKING_DAYS, 3)
    assert said(due(CALENDAR, at("2026-03-02 09:00"), limit)) == "2026-03-05 17:00"
    assert said(due(CALENDAR, at("2026-03-02 09:00"), limit, held)) == "2026-03-06 17:00"


def test_a_year_without_a_calendar_is_named_and_never_guessed() -> None:
    with pytest.raises(MissingYear, match="2028"):
        due(CALENDAR, at("2027-12-30 10:00"), Limit(Unit.WORKING_DAYS, 30))
    with pytest.raises(MissingYear, match="2023"):
        due(CALENDAR, at("2023-12-29 10:00"), Limit(Unit.WORKING_DAYS, 1))


@pytest.mark.parametrize("unit", [Unit.WORKING_DAYS, Unit.WORKING_HOURS, Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS])
def test_a_limit_that_is_absurdly_long_needs_a_year_that_is_missing_and_breaks_nothing(unit: Unit) -> None:
    with pytest.raises(MissingYear):
        due(CALENDAR, at("2026-03-02 10:00"), Limit(unit, 10**12))


@pytest.mark.parametrize("count", [0, -1, float("nan"), float("inf")])
def test_a_limit_that_is_not_above_nought_or_has_no_end_is_refused(count: float) -> None:
    with pytest.raises(LimitError, match="above 0"):
        Limit(Unit.WORKING_DAYS, count)


@given(st.integers(5, 40), received_at, LIMITS)
def test_moving_reception_by_whole_days_of_a_plain_calendar_moves_the_due_date_alike(
    weeks: int, received: datetime, limit: Limit
) -> None:
    if limit.unit is Unit.CALENDAR_MONTHS:
        return  # months have no fixed length
    plain = Calendar(CIVIL, dict.fromkeys(range(2023, 2030), Status.CONFIRMED), [])
    shift = weeks * 7 * 86_400
    begin = seconds(received)
    assert due(plain, begin + shift, limit) == due(plain, begin, limit) + shift
