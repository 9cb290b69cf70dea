import random
from datetime import date, datetime

import pytest

from simulators.world.limits_table import shipped as shipped_table
from simulators.world.limits_table import table
from simulators.world.procedures import COMMUNE, DEPARTMENT, Procedure
from simulators.world.terms import Counts, Term
from simulators.world.working_time import ZONE, WorkingTime, shipped_calendar
from streams.core.calendar import read_calendar
from streams.core.civil import DAY, HOUR, Civil, seconds
from streams.core.deadlines import Limit, Pause, Unit, due
from streams.core.events import Channel

TIME = WorkingTime(shipped_calendar("vietnam"))
ALL = (*COMMUNE, *DEPARTMENT)


def at(text: str) -> int:
    return seconds(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def days(count: int, *, same_time: bool = False) -> Term:
    return Term(unit=Counts.WORKING_DAYS, count=count, same_time=same_time)


def test_the_shipped_limits_are_those_of_the_simulated_procedures() -> None:
    """Stale: write it anew by `python -m simulators.world.limits_table`."""
    assert shipped_table().read_text(encoding="utf-8") == table()


def test_limits_are_of_all_kinds_and_some_differ_by_channel() -> None:
    terms = [term for one in ALL for term in one.terms]
    assert {term.unit for term in terms} == set(Counts)
    assert {term.channel for term in terms} == {"", "direct", "online", "postal"}
    assert sum(term.unit is Counts.WORKING_DAYS for term in terms) > len(terms) / 2


@pytest.mark.parametrize("procedure", ALL, ids=lambda one: one.code)
@pytest.mark.parametrize("channel", Channel)
def test_every_channel_of_every_procedure_has_a_limit(procedure: Procedure, channel: Channel) -> None:
    assert procedure.term(channel, "2026-11-09").work > 0


def test_a_channels_own_limit_goes_before_and_a_later_one_replaces_an_earlier() -> None:
    land = next(one for one in COMMUNE if one.code == "SX.11")
    assert [land.term(channel, "2026-11-09").count for channel in Channel] == [10, 8, 12]
    poor = next(one for one in COMMUNE if one.code == "SX.13")
    assert poor.term(Channel.DIRECT, "2026-06-30").count == 7
    assert poor.term(Channel.DIRECT, "2026-07-01").count == 5


# Worked out by hand on the calendar of November and December 2026 (the 24th of November is a day off).
@pytest.mark.parametrize(
    ("term", "received", "expected"),
    [
        (Term(unit=Counts.SAME_DAY), "2026-11-09T15:00", "2026-11-09T17:00"),
        (Term(unit=Counts.SAME_DAY), "2026-11-09T15:01", "2026-11-10T17:00"),
        (Term(unit=Counts.SAME_DAY, cut_off=16 * HOUR), "2026-11-09T15:01", "2026-11-09T17:00"),
        (Term(unit=Counts.SAME_DAY), "2026-11-23T16:00", "2026-11-25T17:00"),
        (Term(unit=Counts.WORKING_HOURS, count=4), "2026-11-09T16:00", "2026-11-10T10:30"),
        (days(1, same_time=True), "2026-11-23T09:12", "2026-11-25T09:12"),
        (Term(unit=Counts.CALENDAR_DAYS, count=15), "2026-11-09T09:00", "2026-11-25T17:00"),  # the 24th is off
        (Term(unit=Counts.CALENDAR_DAYS, count=20), "2026-11-09T09:00", "2026-11-30T17:00"),  # a Sunday
        (Term(unit=Counts.CALENDAR_MONTHS), "2026-10-31T08:00", "2026-12-02T17:00"),
        (Term(unit=Counts.CALENDAR_MONTHS), "2027-01-29T08:00", "2027-03-01T17:00"),  # 28 February is a Sunday
    ],
)
def test_a_due_date_is_as_worked_out_by_hand(term: Term, received: str, expected: str) -> None:
    # 31 October is a Saturday: it counts from Monday, 2 November
    assert term.due(at(received), TIME) == at(expected)


@pytest.mark.parametrize(
    ("term", "asked", "back", "expected"),
    [
        (days(3), "2026-11-10T09:00", "2026-11-10T11:00", "2026-11-13T17:00"),  # two hours on: carried to the close
        (days(3), "2026-11-10T18:00", "2026-11-10T20:00", "2026-11-12T17:00"),  # nothing worked meanwhile
        (Term(unit=Counts.WORKING_HOURS, count=8), "2026-11-09T10:00", "2026-11-09T14:00", "2026-11-10T10:30"),
        (Term(unit=Counts.SAME_DAY), "2026-11-09T10:00", "2026-11-10T10:00", "2026-11-10T17:00"),
        (Term(unit=Counts.CALENDAR_DAYS, count=15), "2026-11-10T09:00", "2026-11-11T08:00", "2026-11-26T17:00"),
    ],
)
def test_time_waited_is_given_back_in_the_limits_own_unit(term: Term, asked: str, back: str, expected: str) -> None:
    assert term.due_paused(at("2026-11-09T08:00"), at(asked), at(back), TIME) == at(expected)


def test_the_walk_and_the_monitors_engine_agree_on_ten_thousand_random_cases() -> None:
    lines = open_calendar()
    calendar, dice = read_calendar(lines, "vietnam", Civil("Asia/Ho_Chi_Minh")), random.Random(5)
    first, last = at("2025-01-02T00:00"), at("2027-06-01T00:00")
    for _ in range(10_000):
        unit = dice.choice(list(Counts))
        count = dice.randint(1, 3 if unit is Counts.CALENDAR_MONTHS else 25)
        same_time = unit is Counts.WORKING_DAYS and dice.random() < 0.3
        term = Term(unit=unit, count=count, same_time=same_time)
        limit = Limit(Unit(unit.value), count, same_time)
        received = dice.randrange(first, last)
        asked = received + dice.randrange(20 * DAY)
        back = asked + dice.randrange(10 * DAY)
        assert term.due(received, TIME) == due(calendar, received, limit)
        assert term.due_paused(received, asked, back, TIME) == due(calendar, received, limit, [Pause(asked, back)])


def open_calendar() -> list[str]:
    from importlib import resources

    file = resources.files("streams") / "data" / "calendars" / "vietnam.csv"
    return file.read_text(encoding="utf-8").splitlines()


def test_working_time_between_two_instants_leaves_out_nights_lunch_and_days_off() -> None:
    assert TIME.between(at("2026-11-23T10:00"), at("2026-11-25T08:00")) == 6 * HOUR - 1800 + 1800
    assert TIME.between(at("2026-11-25T08:00"), at("2026-11-23T10:00")) == 0
    assert date(2026, 11, 23).weekday() == 0
