"""When an open case comes onto the watch list, and where it stands there; the oracle says the same another way."""

import pytest

from streams.core.calendar import read_calendar
from streams.core.civil import MICROS, seconds
from streams.core.contributions import Effect, effect
from streams.core.counters import BIT
from streams.core.events import Accepted, Finished, Step, SupplementRequested
from streams.core.rules import Rules
from streams.core.terms import Edition, Terms
from streams.core.watching import Watch, warned_at
from streams.core.watchlist import decode_entry, encode_entry
from tests.streams.core.histories import calendar_row
from tests.streams.core.scenarios import CALENDAR, CIVIL, COMPUTING, LINES, Said, at, case_of, clock, says

PLACES = ("due_soon", "due_today", "due_paused", "open_overdue_now")
RECEIVED = says(Accepted, "10-01 08:00", due="10-16 17:00")  # Thursday to Friday


def effect_at(said: Said, as_of: str, rules: Rules = COMPUTING) -> Effect:
    return effect(case_of(said), clock(as_of), rules)


def places(said: Said, as_of: str) -> set[str]:
    return {name for name in PLACES if effect_at(said, as_of).received & BIT[name]}


@pytest.mark.parametrize(
    ("received", "due", "warned"),
    [
        pytest.param("10-01 08:00", "10-05 17:00", "10-02 17:00", id="a working day before, over a week-end"),
        pytest.param("10-12 08:00", "10-16 11:30", "10-15 11:30", id="a working day is eight hours, lunch left out"),
        pytest.param("10-01 07:30", "10-21 17:00", "10-16 17:00", id="a fifth of fifteen working days is three"),
        pytest.param("10-16 08:00", "10-16 17:00", "10-16 00:00", id="the day on which it is due, at the latest"),
        pytest.param("10-15 15:00", "10-16 11:30", "10-15 15:00", id="a limit shorter than a day: from reception on"),
        pytest.param("08-28 17:00", "09-03 17:00", "08-28 17:00", id="days off for a holiday are no time"),
    ],
)
def test_the_warning_is_the_last_fifth_of_working_time_and_at_least_a_working_day(
    received: str, due: str, warned: str
) -> None:
    found = warned_at(seconds(at(due)), seconds(at(received)), clock("10-01 08:00"), COMPUTING)
    assert CIVIL.text(found) == CIVIL.text(seconds(at(warned)))


def test_without_a_calendar_or_its_year_a_day_of_calendar_time_is_the_least() -> None:
    monday, due = at("10-01 08:00"), at("10-05 17:00")
    without = Rules(CIVIL)
    assert warned_at(seconds(due), seconds(monday), 0, without) == seconds(due) - 86_400
    beyond = seconds(due.replace(year=2041))
    asked = seconds(monday), clock("10-01 08:00")
    assert warned_at(beyond, *asked, COMPUTING) == warned_at(beyond, *asked, without)


def test_an_open_case_goes_from_soon_to_today_to_late_and_leaves_with_its_end() -> None:
    assert places([RECEIVED], "10-13 16:59") == set()
    assert places([RECEIVED], "10-14 17:00") == {"due_soon"}
    assert places([RECEIVED], "10-15 23:59:59") == {"due_soon"}
    assert places([RECEIVED], "10-16 00:00") == {"due_today"}
    assert places([RECEIVED], "10-16 17:00") == {"due_today"}
    assert places([RECEIVED], "10-16 17:00:01") == {"open_overdue_now"}
    ended = effect_at([RECEIVED, says(Finished, "10-19 08:00")], "10-20 08:00")
    assert ended.watch is None
    assert not ended.received & sum(BIT[name] for name in PLACES)


def test_each_change_of_place_is_told_as_the_next_change() -> None:
    seen, now = [], clock("10-01 09:00")
    while (turn := effect(case_of([RECEIVED]), now, COMPUTING).next_change) < clock("12-31 00:00"):
        seen.append(CIVIL.text(turn // MICROS)[:19])
        now = turn
    assert seen == ["2026-10-14 13:54:00", "2026-10-16 00:00:00", "2026-10-16 17:00:01"]


def test_a_case_that_waits_is_paused_and_neither_soon_nor_today() -> None:
    assert places([RECEIVED, says(SupplementRequested, "10-14 08:00")], "10-16 12:00") == {"due_paused"}


def test_a_new_calendar_moves_the_warning_of_a_promised_due_date_at_its_instant() -> None:
    turn = clock("10-13 09:00")
    holiday = read_calendar([*LINES, calendar_row("2026-10-15", "holiday")], "one more day off", CIVIL)
    rules = Rules(CIVIL, terms=Terms([Edition(0, CALENDAR), Edition(turn, holiday)]))
    assert effect_at([RECEIVED], "10-13 08:00", rules).next_change == turn
    assert effect_at([RECEIVED], "10-13 09:00", rules).next_change == clock("10-13 15:30")


def test_an_entry_says_the_latest_step_and_comes_back_from_its_record() -> None:
    said = [RECEIVED, says(Step, "10-05 08:00", done=["approved"], at_centre=True), says(Step, "10-02 08:00")]
    watch = effect_at(said, "10-16 12:00").watch
    assert watch == Watch("", "", seconds(at("10-16 17:00")), seconds(at("10-14 13:54")), False, False, False,
                          seconds(at("10-01 08:00")), "approved@centre")  # fmt: skip
    assert decode_entry(encode_entry(watch, 3) or b"").watch == watch
