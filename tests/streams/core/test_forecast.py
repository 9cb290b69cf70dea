"""The forecast of late dossiers: what it must never say, and that it learns, and from what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.civil import DAY, MICROS, seconds
from streams.core.forecast import (
    AHEAD_DAYS,
    LEARNT_DAYS,
    Dossier,
    Lessons,
    as_of,
    days_ahead,
    forecast,
    pace,
    turned_late,
)
from tests.streams.core.scenarios import CALENDAR, CIVIL, at, clock

NOW = seconds(at("11-16 00:00"))  # Monday
CLOCK = NOW * MICROS
FIVE_DAYS = 7 * DAY  # five working days anywhere but around a holiday


def dossier(code: str, received: str, due: str, ended: str | None = None) -> Dossier:
    return Dossier(code, seconds(at(received)), seconds(at(due)), None if ended is None else seconds(at(ended)))


def past(count: int, late: int) -> list[Dossier]:
    """So many with a limit of a week that were due last Thursday, some of them late by a day, else a day early."""
    due, received = seconds(at("11-12 12:00")), seconds(at("11-05 12:00"))
    return [Dossier(f"P{at}", received, due, due + DAY if at < late else due - DAY) for at in range(count)]


def open_one(days_left: int) -> Dossier:
    due = NOW + days_left * DAY + 12 * 3600
    return Dossier("O", due - FIVE_DAYS, due)


def chance(learnt: list[Dossier], used: float, others: list[Dossier] | None = None) -> float:
    everybody = Lessons(learnt if others is None else others, CALENDAR, CLOCK)
    return Lessons(learnt, CALENDAR, CLOCK).chance(used, 1.0, everybody)


def test_an_open_one_turns_late_as_often_as_those_did_that_had_used_as_much_of_their_time() -> None:
    assert chance(past(100, 30), 0.4) == pytest.approx(0.3, abs=0.01)
    assert chance(past(100, 60), 0.4) == pytest.approx(0.6, abs=0.01)
    assert chance(past(100, 30), 0.95) > 0.95  # only those that were late had used so much


def test_with_nothing_learnt_in_the_unit_it_is_as_likely_as_among_all() -> None:
    assert chance([], 0.4, others=past(100, 0)) < 0.05
    assert chance([], 0.4, others=past(100, 60)) == pytest.approx(0.6, abs=0.01)
    assert chance([], 0.4, others=[]) == pytest.approx(0.5)


def test_where_more_work_waits_than_did_all_of_it_takes_longer() -> None:
    flow = [
        Dossier(f"S{day}-{one}", NOW - (day + 4) * DAY, NOW - day * DAY, NOW - (day + 1) * DAY)
        for day in range(-4, 40)
        for one in range(10)
    ]
    steady = as_of(flow, NOW)
    assert pace(steady, CALENDAR, CLOCK) == pytest.approx(1, abs=0.15)
    waiting = [Dossier(f"W{one}", NOW - DAY, NOW + 9 * DAY) for one in range(300)]
    slower = pace([*steady, *waiting], CALENDAR, CLOCK)
    assert 1.5 < slower <= 2
    everybody = Lessons(steady, CALENDAR, CLOCK)
    calm = forecast([*steady, open_one(3)], everybody, CALENDAR, CLOCK)
    busy = forecast([*steady, *waiting, open_one(3)], everybody, CALENDAR, CLOCK)
    assert busy.late[-1] > calm.late[-1]


def test_what_waits_for_a_supplement_has_ended_or_has_no_due_date_is_not_expected_to_turn_late() -> None:
    one = open_one(3)
    rest = [one._replace(paused=True), one._replace(ended=NOW - 1), one._replace(due=None)]
    made = forecast([*past(50, 25), *rest], Lessons(past(50, 25), CALENDAR, CLOCK), CALENDAR, CLOCK)
    assert made.chances == ()


def test_what_comes_later_adds_what_such_have_added() -> None:
    short = [  # ten a working day, due after half a day, each of them late
        Dossier(f"N{day}-{one}", CALENDAR.instant(day, 27_000), CALENDAR.instant(day, 41_400), CALENDAR.closes(day))
        for day in CALENDAR.days
        if NOW - 60 * DAY < CIVIL.midnight(day) < NOW
        for one in range(10)
    ]
    made = forecast(short, Lessons(short, CALENDAR, CLOCK), CALENDAR, CLOCK)
    assert [round(late) for late in made.late] == [5, 15, 25, 35, 45]


dossiers = st.lists(
    st.builds(
        lambda received, limit, used: Dossier(
            f"{received}", received, received + limit, None if used is None else received + int(limit * used)
        ),
        st.integers(NOW - 40 * DAY, NOW - 1),
        st.integers(3600, 20 * DAY),
        st.none() | st.floats(0.1, 1.9),
    ),
    max_size=40,
).map(lambda held: as_of(held, NOW))


@given(dossiers)
def test_more_are_late_each_day_and_no_chance_is_beyond_certainty(held: list[Dossier]) -> None:
    made = forecast(held, Lessons(held, CALENDAR, CLOCK), CALENDAR, CLOCK)
    assert list(made.late) == sorted(made.late)
    assert all(0 <= one.chance <= 1 for one in made.chances)
    due = [one for one in held if one.ended is None and one.due is not None and one.due >= NOW]
    assert len(made.chances) <= len(due)
    assert 0.5 <= made.pace <= 2


@given(dossiers, st.floats(0, 0.999), st.floats(0.5, 2))
def test_the_lessons_are_those_counted_one_by_one(held: list[Dossier], share: float, slower: float) -> None:
    learnt = Lessons(held, CALENDAR, CLOCK)
    late = alive = 0.0
    for one in held:
        assert one.due is not None
        overdue = CALENDAR.working_days_between(one.due, NOW)
        if one.due >= NOW or overdue > LEARNT_DAYS:
            continue
        lead = max(CALENDAR.working_days_between(one.received, one.due), 0.02)
        used = CALENDAR.working_days_between(one.received, one.ended or NOW) / lead
        used = max(used, 1.0001) if one.ended is None or one.ended > one.due else min(used, 1.0)
        weight = 0.5 ** (overdue / 5)
        late += weight * (used > 1 / slower)
        alive += weight * (used > share / slower)
    assert learnt.chance(share, slower, learnt) == pytest.approx((late + 5 * (late + 0.5) / (alive + 1)) / (alive + 5))


def test_the_days_ahead_begin_with_today_where_it_is_worked() -> None:
    assert days_ahead(CALENDAR, CLOCK, 2) == [CIVIL.day(NOW), CIVIL.day(NOW) + 1]
    assert days_ahead(CALENDAR, clock("11-21 12:00"), 1) == [CIVIL.day(seconds(at("11-23 12:00")))]
    assert len(forecast([], Lessons([], CALENDAR, CLOCK), CALENDAR, CLOCK).late) == AHEAD_DAYS


def test_what_turned_late_in_a_span_and_how_it_stood_before() -> None:
    held = [
        dossier("in time", "11-02 08:00", "11-10 17:00", "11-10 17:00"),
        dossier("late", "11-02 08:00", "11-10 17:00", "11-12 09:00"),
        dossier("open", "11-02 08:00", "11-10 17:00"),
        dossier("later", "11-11 08:00", "11-20 17:00"),
    ]
    since, until = seconds(at("11-10 17:00:01")), seconds(at("11-11 00:00"))
    assert turned_late(held, since, until) == 2
    assert turned_late(held, since + 1, until) == turned_late(held, since - 9, since) == 0
    assert [(one.code, one.ended) for one in as_of(held, until)] == [
        ("in time", held[0].ended), ("late", None), ("open", None)
    ]  # fmt: skip
