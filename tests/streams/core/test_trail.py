"""The trail of a due date: its sums, its reasons, and that it ends where the deadline engine does."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.calendar import MissingYear, read_calendar
from streams.core.civil import Civil, seconds
from streams.core.deadlines import Limit, Pause, Unit, due, seconds_of, start_of, union
from streams.core.trail import Step, Trail, trail
from streams.core.trail_words import PauseRule, Rule, StepKind, Why
from tests.streams.core.walked import SHIPPED, Walk, cases, ten_years

CIVIL = Civil("Asia/Ho_Chi_Minh")
VIETNAM = read_calendar(SHIPPED, "vietnam.csv", CIVIL)
ZONES = ("Asia/Ho_Chi_Minh", "America/New_York")
CALENDARS = {zone: read_calendar(ten_years(), "ten years", Civil(zone)) for zone in ZONES}
CASES = {zone: cases(Walk(ten_years(), zone), 5_000, seed=21) for zone in ZONES}
some = st.tuples(st.sampled_from(ZONES), st.integers(0, 4_999))
OFF = (StepKind.LUNCH, StepKind.NIGHT, StepKind.WEEKEND, StepKind.HOLIDAY)


def at(text: str) -> int:
    return seconds(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))


def traced(zone: str, number: int) -> tuple[Trail, Limit, list[Pause]]:
    received, limit, held, saturdays = CASES[zone][number]
    return trail(CALENDARS[zone], received, limit, held, saturdays=saturdays), limit, held


@pytest.mark.parametrize("zone", ZONES)
def test_a_trail_ends_at_the_due_instant_and_starts_where_the_time_begins_to_run(zone: str) -> None:
    calendar = CALENDARS[zone]
    for received, limit, held, saturdays in CASES[zone]:
        found = trail(calendar, received, limit, held, saturdays=saturdays)
        assert found.due == due(calendar, received, limit, held, saturdays=saturdays), (received, limit, held)
        assert found.start == start_of(calendar, received, limit, saturdays=saturdays)
        assert found.unpaused == due(calendar, received, limit, saturdays=saturdays)


@settings(max_examples=500)
@given(some)
def test_the_parts_of_a_trail_sum_to_the_limit(which: tuple[str, int]) -> None:
    found, limit, _ = traced(*which)
    used = sum(step.used for step in found.steps)
    if limit.unit is Unit.WORKING_HOURS:
        assert round(used * 3600) == seconds_of(limit)
    else:
        assert used == limit.count


@settings(max_examples=500)
@given(some)
def test_what_pauses_give_back_is_what_the_last_steps_use(which: tuple[str, int]) -> None:
    found, limit, held = traced(*which)
    calendar = CALENDARS[which[0]]
    together = union([Pause(max(pause.start, found.start), pause.end) for pause in held])
    if limit.unit in (Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS):
        expected = sum(pause.end - pause.start for pause in together)
    else:
        expected = sum(calendar.worked_between(pause.start, pause.end) for pause in together)
    assert round(sum(step.used for step in found.pauses) * 3600) == expected
    assert round(sum(step.used for step in found.given_back) * 3600) == expected


@settings(max_examples=500)
@given(some)
def test_steps_follow_one_another_and_leave_no_day_out(which: tuple[str, int]) -> None:
    found, _, _ = traced(*which)
    calendar = CALENDARS[which[0]]
    steps = [*found.steps, *found.given_back]
    assert steps[0].start == found.start
    assert steps[-1].end == found.due
    for before, after in pairwise(steps):
        assert before.start < before.end <= after.start
    days = {day for step in steps for day in range(calendar.place(step.start)[0], calendar.place(step.end - 1)[0] + 1)}
    assert set(range(calendar.place(found.start)[0], calendar.place(found.due)[0] + 1)) <= days


@settings(max_examples=500)
@given(some)
def test_a_step_that_is_off_is_not_worked_and_uses_no_working_time(which: tuple[str, int]) -> None:
    found, limit, _ = traced(*which)
    calendar = CALENDARS[which[0]]
    for step in found.steps:
        if step.kind in OFF:
            assert calendar.worked_between(step.start, step.end) == 0
            assert step.used == 0 or limit.unit is Unit.CALENDAR_DAYS
        if step.kind in (StepKind.WORKED, StepKind.SWAPPED) and limit.unit is Unit.WORKING_HOURS:
            assert calendar.worked_between(step.start, step.end) == round(step.used * 3600)
        if step.kind in (StepKind.HOLIDAY, StepKind.SWAPPED):
            assert step.name_vi
            assert step.source


@given(some)
def test_a_trail_goes_through_json_and_back(which: tuple[str, int]) -> None:
    found, _, _ = traced(*which)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Trail) == found


@given(st.sampled_from([number for number in range(5_000) if CASES[ZONES[0]][number][1].unit is Unit.WORKING_DAYS]))
def test_equal_days_are_taken_together(number: int) -> None:
    found, limit, _ = traced(ZONES[0], number)
    # A week has two lines at most, each holiday or exchanged day three: itself and the two sides of the split week;
    # a last day that is needed only up to a time of day stands apart from those before it.
    unusual = sum(step.kind in (StepKind.HOLIDAY, StepKind.SWAPPED) for step in found.steps)
    weeks = (found.due - found.start) // (7 * 86_400) + 1
    assert len(found.steps) <= 2 + limit.same_time + 2 * weeks + 3 * unusual, limit


def kinds(found: Trail) -> list[tuple[StepKind, float]]:
    return [(step.kind, step.used) for step in found.steps]


def test_the_worked_saturday_and_the_exchanged_holiday_are_named() -> None:
    found = trail(VIETNAM, at("2026-08-21 10:00"), Limit(Unit.WORKING_DAYS, 7))
    assert kinds(found) == [
        (StepKind.DAY_0, 0),
        (StepKind.SWAPPED, 1),
        (StepKind.WEEKEND, 0),
        (StepKind.WORKED, 5),
        (StepKind.WEEKEND, 0),
        (StepKind.HOLIDAY, 0),
        (StepKind.HOLIDAY, 0),
        (StepKind.WORKED, 1),
    ]
    assert [step.name_en for step in found.steps if step.name_en] == [
        "worked in exchange for 2026-08-31",
        "off in exchange for 2026-08-22",
        "National Day",
    ]
    assert found.rule is Rule.WORKING_DAYS
    assert found.rule_vi == "hết giờ làm việc của ngày làm việc thứ 7"


def test_hours_over_lunch_say_so() -> None:
    found = trail(VIETNAM, at("2026-03-02 11:00"), Limit(Unit.WORKING_HOURS, 1))
    assert kinds(found) == [(StepKind.WORKED, 0.5), (StepKind.LUNCH, 0), (StepKind.WORKED, 0.5)]
    assert found.due == at("2026-03-02 13:30")


def test_hours_over_a_night_say_so_and_whole_days_are_one_line() -> None:
    found = trail(VIETNAM, at("2026-03-02 16:00"), Limit(Unit.WORKING_HOURS, 26))
    assert kinds(found) == [
        (StepKind.WORKED, 1),
        (StepKind.NIGHT, 0),
        (StepKind.WORKED, 24),
        (StepKind.NIGHT, 0),
        (StepKind.WORKED, 1),
    ]


START = [
    ("2026-03-02 08:00", Why.AT_ONCE, "2026-03-02 08:00", ""),
    ("2026-03-02 07:00", Why.BEFORE_OPENING, "2026-03-02 07:30", ""),
    ("2026-03-02 11:30", Why.LUNCH, "2026-03-02 13:00", ""),
    ("2026-03-02 17:00", Why.AFTER_CLOSE, "2026-03-03 07:30", ""),
    ("2026-03-06 18:00", Why.AFTER_CLOSE, "2026-03-09 07:30", ""),
    ("2026-03-07 09:00", Why.DAY_OFF, "2026-03-09 07:30", ""),
    ("2026-11-24 09:00", Why.DAY_OFF, "2026-11-25 07:30", "Vietnam Culture Day"),
]


@pytest.mark.parametrize(("received", "why", "start", "name"), START)
def test_the_start_has_its_reason(received: str, why: Why, start: str, name: str) -> None:
    found = trail(VIETNAM, at(received), Limit(Unit.WORKING_DAYS, 1))
    assert (found.why, found.start, found.why_en) == (why, at(start), name)


def test_a_saturday_that_is_day_0_is_the_reason_of_the_start() -> None:
    found = trail(VIETNAM, at("2026-03-07 09:00"), Limit(Unit.WORKING_DAYS, 1), saturdays=True)
    assert (found.why, found.due) == (Why.SATURDAY, at("2026-03-09 17:00"))


RULES = [
    ("2026-03-02 10:15", Limit(Unit.WORKING_DAYS, 1, same_time=True), Rule.SAME_TIME, "2026-03-03 10:15"),
    ("2026-03-02 15:00", Limit(Unit.WORKING_HOURS, 2), Rule.HOURS, "2026-03-02 17:00"),
    ("2026-03-02 10:00", Limit(Unit.CALENDAR_DAYS, 4), Rule.CALENDAR, "2026-03-06 17:00"),
    ("2026-03-02 10:00", Limit(Unit.CALENDAR_DAYS, 5), Rule.MOVED, "2026-03-09 17:00"),
    ("2026-03-30 10:00", Limit(Unit.CALENDAR_MONTHS, 1), Rule.MOVED, "2026-05-04 17:00"),
    ("2026-01-30 09:00", Limit(Unit.CALENDAR_MONTHS, 2), Rule.CALENDAR, "2026-03-30 17:00"),
    ("2026-01-09 15:00", Limit(Unit.SAME_DAY), Rule.SAME_DAY, "2026-01-09 17:00"),
    ("2026-01-09 15:01", Limit(Unit.SAME_DAY), Rule.AFTER_CUT_OFF, "2026-01-10 17:00"),
]


@pytest.mark.parametrize(("received", "limit", "rule", "ends"), RULES)
def test_the_rule_of_the_due_instant_is_said(received: str, limit: Limit, rule: Rule, ends: str) -> None:
    found = trail(VIETNAM, at(received), limit)
    assert (found.rule, found.due, found.pause_rule) == (rule, at(ends), PauseRule.NOTHING)


def test_a_pause_is_shown_with_what_it_gives_back_and_a_payment_wait_with_nothing() -> None:
    pause, again = (
        Pause(at(f"2026-03-03 {begin}"), at(f"2026-03-03 {end}"))
        for begin, end in (("08:00", "10:00"), ("09:00", "14:00"))
    )
    wait = Pause(at("2026-03-04 08:00"), at("2026-03-04 16:00"))
    found = trail(VIETNAM, at("2026-03-02 09:00"), Limit(Unit.WORKING_DAYS, 3), [again, pause], payments=[wait])
    assert found.pauses == (
        Step(*pause, StepKind.PAUSE, 2.0),
        Step(*again, StepKind.PAUSE, 2.5),  # 10:00 to 11:30 and 13:00 to 14:00: the rest was paused already
        Step(*wait, StepKind.PAYMENT),
    )
    assert (found.unpaused, found.due) == (at("2026-03-05 17:00"), at("2026-03-06 17:00"))
    assert found.pause_rule is PauseRule.CARRIED


def test_a_pause_outside_working_time_gives_nothing_back() -> None:
    night = Pause(at("2026-03-02 18:00"), at("2026-03-03 07:00"))
    found = trail(VIETNAM, at("2026-03-02 09:00"), Limit(Unit.WORKING_DAYS, 3), [night])
    assert (found.due, found.pause_rule, found.given_back) == (found.unpaused, PauseRule.NOTHING, ())


def test_the_years_that_may_still_change_are_named() -> None:
    assert trail(VIETNAM, at("2026-12-30 09:00"), Limit(Unit.WORKING_DAYS, 3)).provisional == (2027,)
    assert trail(VIETNAM, at("2026-12-01 09:00"), Limit(Unit.WORKING_DAYS, 3)).provisional == ()
    assert trail(VIETNAM, at("2026-12-01 09:00"), Limit(Unit.WORKING_DAYS, 3)).calendar == VIETNAM.version


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("count", [400, 10**9])
def test_a_trail_that_needs_a_missing_year_names_it_as_the_due_date_does(unit: Unit, count: int) -> None:
    received = at("2027-12-31 16:00" if unit is not Unit.SAME_DAY else "2027-12-31 17:00")
    with pytest.raises(MissingYear) as by_walk:
        trail(VIETNAM, received, Limit(unit, count))
    with pytest.raises(MissingYear):
        due(VIETNAM, received, Limit(unit, count))
    assert by_walk.value.year >= 2028
