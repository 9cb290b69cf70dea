"""The demo's pace: how long days take, what a tick may tell, and waiting for a worker that is behind."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simulators.demo_pace import BEHIND_S, DemoPace
from simulators.log_writer import LogWriter
from streams.core.civil import DAY, HOUR, MICROS, Civil, day_number
from streams.core.facts import Batch, Fact

CIVIL = Civil("Asia/Ho_Chi_Minh")
MONDAY = CIVIL.midnight(day_number(date(2026, 11, 9)))
DAYS = 7


def pace(seconds: float, days: int = DAYS) -> DemoPace:
    return DemoPace(
        CIVIL,
        begins=MONDAY * MICROS,
        ends=(MONDAY + days * DAY) * MICROS,
        seconds=seconds,
        figures=lambda: 1 << 60,
        shown=lambda: None,
    )


def hour(day: int, of_day: int) -> int:
    return (MONDAY + day * DAY + of_day * HOUR) * MICROS


def test_an_office_hour_takes_longer_than_one_of_the_night_or_of_a_sunday() -> None:
    slow = pace(60)
    office, night, sunday = (
        slow.seconds_at(hour(day, of_day + 1)) - slow.seconds_at(hour(day, of_day))
        for day, of_day in ((0, 9), (0, 2), (6, 9))
    )
    assert office > 5 * night
    assert abs(night - sunday) < 1e-9


@given(st.integers(0, DAYS * DAY * MICROS - 1))
def test_what_comes_after_so_many_seconds_is_the_instant_that_takes_as_long(after: int) -> None:
    slow, instant = pace(60), MONDAY * MICROS + after
    assert abs(slow.instant_at(slow.seconds_at(instant)) - instant) < 1000


def test_the_days_pass_in_the_seconds_asked_for() -> None:
    assert 59 < pace(60).seconds_at((MONDAY + DAYS * DAY) * MICROS) <= 60


class Kept:
    """A log in memory; it holds the rule that a tick comes after all that was recorded before it."""

    def __init__(self) -> None:
        self.batches: list[tuple[int, Batch]] = []

    def write(self, partition: int, batch: Batch) -> None:
        self.batches.append((partition, batch))

    def flush(self) -> None:
        pass


def facts(count: int, days: int) -> list[Fact]:
    step = days * DAY // count
    moments = [MONDAY + number * step for number in range(count)]
    return [
        Fact(f"{number % 7}-{number}", "accepted", at, at * MICROS, str(number), {}, (0, number, 0))
        for number, at in enumerate(moments)
    ]


def test_a_log_written_at_this_pace_is_whole_and_its_ticks_are_true() -> None:
    log, days = Kept(), 2
    writer = LogWriter(iter(facts(200, days)), log, CIVIL, 3, "replay:x", pace=pace(2.0, days))
    began = time.monotonic()
    writer.advance((MONDAY + days * DAY) * MICROS)
    assert 1.5 < time.monotonic() - began < 10
    written = [fact for _, batch in log.batches for fact in batch.facts]
    assert sorted(int(fact.id) for fact in written) == list(range(200))
    for partition in range(3):
        own = [batch for number, batch in log.batches if number == partition]
        clocks = [batch.clock for batch in own]
        assert clocks == sorted(clocks)
        assert clocks[-1] == (MONDAY + days * DAY) * MICROS
        assert len(clocks) > 8  # it moved several times a second
        for before, batch in pairwise(own):
            assert all(fact.recorded >= before.clock for fact in batch.facts)


def test_the_log_waits_for_a_worker_that_is_behind() -> None:
    reached, began = [0], time.monotonic()

    def shown() -> None:
        if time.monotonic() - began > BEHIND_S + 1.5:
            reached[0] = 1 << 60

    slow = DemoPace(
        CIVIL,
        begins=MONDAY * MICROS,
        ends=(MONDAY + DAY) * MICROS,
        seconds=2.5,
        figures=lambda: reached[0],
        shown=shown,
    )
    LogWriter(iter(facts(100, 1)), Kept(), CIVIL, 1, "replay:x", pace=slow).advance((MONDAY + DAY) * MICROS)
    assert time.monotonic() - began > BEHIND_S + 1.5
