"""Civil time against the standard library's own calendar and zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from streams.core.civil import (
    HOUR,
    MICROS,
    Civil,
    date_of,
    day_number,
    micros,
    moment_of,
    period_end_days,
    period_kind,
    periods_of,
    seconds,
)

ZONES = (
    "Asia/Ho_Chi_Minh",
    "America/New_York",
    "America/Sao_Paulo",  # midnights that did not exist
    "America/Havana",  # midnights that came twice
    "Asia/Kathmandu",  # 45 minutes
    "Australia/Lord_Howe",  # summer time of half an hour
    "UTC",
)
CIVILS = {zone: Civil(zone) for zone in ZONES}
EARLIEST, LATEST = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2999-12-31")
zones = st.sampled_from(ZONES)
instants = st.integers(-2_208_988_800, 32_503_679_999)  # 1900 to 2999
recent = st.integers(0, 4_102_444_800)  # 1970 to 2100
dates = st.dates(date(1900, 1, 1), date(2999, 12, 30))


@given(zones, recent)
def test_the_civil_day_of_an_instant_is_the_one_of_the_zone(zone: str, instant: int) -> None:
    day = datetime.fromtimestamp(instant, ZoneInfo(zone)).date()
    assert date_of(CIVILS[zone].day(instant)) == day
    assert CIVILS[zone].text(instant)[:10] == day.isoformat()


@given(zones, st.dates(date(1970, 1, 2), date(2100, 1, 1)))
def test_midnight_is_the_first_instant_of_its_day(zone: str, day: date) -> None:
    civil, number = CIVILS[zone], day_number(day)
    assert civil.day(civil.midnight(number)) == number
    assert civil.day(civil.midnight(number) - 1) == number - 1


@given(zones, recent)
def test_full_hours_lie_before_and_after_an_instant(zone: str, instant: int) -> None:
    civil = CIVILS[zone]
    assert civil.last_full_hour(instant) <= instant < civil.next_full_hour(instant)
    assert instant - civil.last_full_hour(instant) < HOUR
    assert civil.next_full_hour(instant) - instant <= HOUR


@given(zones.filter(lambda zone: zone != "Australia/Lord_Howe"), recent)
def test_a_full_hour_is_the_last_one_of_itself_and_reached_from_before(zone: str, instant: int) -> None:
    civil = CIVILS[zone]
    hour = civil.next_full_hour(instant)
    assert civil.last_full_hour(hour) == hour == civil.next_full_hour(hour - 1)
    assert datetime.fromtimestamp(hour, civil.zone).minute == 0


@given(zones.filter(lambda zone: zone != "Australia/Lord_Howe"), st.dates(date(1970, 1, 2), date(2100, 1, 1)))
def test_every_midnight_is_a_full_hour(zone: str, day: date) -> None:
    midnight = CIVILS[zone].midnight(day_number(day))
    assume(CIVILS[zone].text(midnight)[11:16] == "00:00")  # some days began later, as in Kathmandu in 1986
    assert CIVILS[zone].last_full_hour(midnight) == midnight


@given(dates)
def test_a_period_holds_a_day_exactly_when_the_next_one_has_not_begun(day: date) -> None:
    number = day_number(day)
    names = periods_of(number)
    for end, kind in zip(period_end_days(number), range(4), strict=True):
        assert periods_of(end - 1)[kind] == names[kind] != periods_of(end)[kind]


@given(dates)
def test_the_name_of_a_period_says_its_kind(day: date) -> None:
    assert [period_kind(name) for name in periods_of(day_number(day))] == ["week", "month", "quarter", "year"]


def test_the_first_days_of_a_year_may_lie_in_the_last_week_of_the_year_before() -> None:
    assert periods_of(day_number(date(2027, 1, 1))) == ("2026-W53", "2027-01", "2027-Q1", "2027")
    assert periods_of(day_number(date(2024, 12, 30))) == ("2025-W01", "2024-12", "2024-Q4", "2024")


def test_the_ends_of_periods_are_first_instants_in_civil_time_and_the_earliest_goes_first() -> None:
    ends = CIVILS["Asia/Ho_Chi_Minh"].period_ends(day_number(date(2026, 9, 30)))
    assert [moment_of(end, ZoneInfo("Asia/Ho_Chi_Minh")).strftime("%m-%d %H:%M") for end in ends] == [
        "10-01 00:00",
        "10-05 00:00",
        "10-01 00:00",
        "10-01 00:00",
        "01-01 00:00",
    ]


NO_PERIODS = """
26 2026- 2026-13 2026-00 2026-1 2026-W54 2026-W00 2026-W1 2026-Q5 2026-Q45 2026-11-24 november -2026
²⁰²⁶ 2026-W²¹ 2026-¹²
"""


@pytest.mark.parametrize("name", ["", *NO_PERIODS.split()])
def test_what_is_no_period_is_refused_with_a_word_on_what_would_be(name: str) -> None:
    with pytest.raises(ValueError, match="write 2026-W48, 2026-11, 2026-Q4, 2026 or all"):
        period_kind(name)


@given(st.datetimes(timezones=st.timezones(), min_value=EARLIEST, max_value=LATEST))
def test_instants_are_exact_whatever_the_offset(moment: datetime) -> None:
    assert micros(moment) == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert seconds(moment) == micros(moment) // MICROS
    assert moment_of(seconds(moment)) == moment.astimezone(UTC).replace(microsecond=0)


def test_a_naive_moment_is_a_bug_and_not_a_guess() -> None:
    with pytest.raises(TypeError):
        micros(EARLIEST)


@given(dates)
def test_days_are_numbered_from_1970(day: date) -> None:
    assert date_of(day_number(day)) == day
    assert day_number(day) == (day - date(1970, 1, 1)).days


@given(zones, instants)
def test_every_instant_that_intake_admits_has_a_day_hours_and_periods(zone: str, instant: int) -> None:
    civil = CIVILS[zone]
    assert civil.midnight(civil.day(instant)) <= instant + 2 * HOUR
    assert civil.period_ends(civil.day(instant))[0] > instant - HOUR
