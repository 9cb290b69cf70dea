"""How an entry of the watch list reads as of an instant."""

import pytest

from streams.core.civil import MICROS, seconds
from streams.core.late import STAGE_OF, STAGES, State, age, days_left, new_since, stage_of, state_of
from streams.core.watching import Watch
from tests.streams.core.scenarios import CALENDAR, CIVIL, at, clock


def entry(due: str, *, late: bool = False, paused: bool = False, step: str = "") -> Watch:
    received, at_due = seconds(at("10-01 08:00")), seconds(at(due))
    return Watch("U", "P", at_due, at_due - 90_000, late, paused, False, received, step)


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("10-15 23:59:59", State.SOON),
        ("10-16 00:00", State.TODAY),
        ("10-16 17:00", State.TODAY),
        ("10-16 17:00:01", State.LATE),
    ],
)
def test_a_reader_need_not_be_told_that_it_is_due_today_or_late(as_of: str, state: State) -> None:
    assert state_of(entry("10-16 17:00"), clock(as_of), CIVIL) is state


def test_what_waits_is_paused_until_it_is_late_all_the_same() -> None:
    assert state_of(entry("10-16 17:00", paused=True), clock("10-20 08:00"), CIVIL) is State.PAUSED
    assert state_of(entry("10-16 17:00", paused=True, late=True), clock("10-20 08:00"), CIVIL) is State.LATE


@pytest.mark.parametrize(
    ("as_of", "since"),
    [
        pytest.param("10-16 18:00", "10-15 00:00", id="Friday: since Thursday"),
        pytest.param("10-18 12:00", "10-16 00:00", id="Sunday: since Friday"),
        pytest.param("10-19 08:00", "10-16 00:00", id="Monday: since Friday"),
        pytest.param("10-20 08:00", "10-19 00:00", id="Tuesday: since Monday"),
        pytest.param("09-03 08:00", "08-28 00:00", id="after the holidays: since the working day before them"),
    ],
)
def test_what_turned_late_on_the_working_day_before_is_new(as_of: str, since: str) -> None:
    assert new_since(clock(as_of), CIVIL, CALENDAR) == seconds(at(since))


def test_without_a_calendar_new_is_since_the_day_before() -> None:
    assert new_since(clock("10-19 08:00"), CIVIL, None) == seconds(at("10-18 00:00"))


def test_working_days_left_turn_negative_when_overdue_and_are_not_known_while_it_waits() -> None:
    assert days_left(entry("10-16 17:00"), clock("10-15 13:00"), CALENDAR) == 1.5
    assert days_left(entry("10-16 17:00"), clock("10-20 17:00"), CALENDAR) == -2
    assert days_left(entry("10-16 17:00", paused=True), clock("10-15 13:00"), CALENDAR) is None
    assert days_left(entry("10-16 17:00"), clock("10-15 13:00"), None) is None
    assert days_left(entry("10-16 17:00"), clock("10-15 13:00") + 20 * 366 * 86_400 * MICROS, CALENDAR) is None
    assert age(entry("10-16 17:00"), clock("10-02 08:00"), CALENDAR) == 1


def test_the_stage_follows_from_the_latest_step() -> None:
    asked = {"": "received", "appraised": "processing", "approved,stamped@centre": "centre", "@centre": "centre"}
    assert {step: stage_of(entry("10-16 17:00", step=step)) for step in asked} == asked
    assert stage_of(entry("10-16 17:00", paused=True, step="@centre")) == "supplement"
    assert set(STAGE_OF) == {stage.code for stage in STAGES}
