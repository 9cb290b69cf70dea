"""Closed hours: the index as of each full hour, however the partitions interleave, and who takes over goes on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from streams.core.civil import ALL, HOUR, MICROS, Civil, day_number
from streams.core.closing import Closing, Hour
from streams.core.register import read_register
from streams.core.rules import Rules
from streams.core.tallies import CellValue, ClockValue, Complete, Kind, cell_key, encode, sign_key

REGISTER = read_register(
    ["code,name,level,parent", "VN,Việt Nam,country,", "P1,Một,province,VN", "P2,Hai,province,VN"], "t"
)
RULES = Rules(Civil("Asia/Ho_Chi_Minh"))
DAY = day_number(date(2026, 11, 24))
BEGIN = RULES.civil.midnight(DAY)
Told = tuple[str, object]
Change = tuple[int, str, int]  # seconds after BEGIN, unit, count from then on

changes = st.lists(
    st.tuples(st.integers(1, 30 * HOUR), st.sampled_from(["P1", "P2"]), st.integers(0, 50)), max_size=25
).map(lambda found: sorted(found, key=lambda one: one[0]))


def closing(partitions: int, closed: int = 0) -> Closing:
    return Closing(REGISTER, partitions, lambda: RULES, closed)


def cell(partition: int, unit: str, count: int, generation: int = 0) -> Told:
    return cell_key(partition, generation, unit, DAY), CellValue(1, {"received": count})


def clock(partition: int, second: float, generation: int = 0) -> Told:
    return sign_key(partition, generation, Kind.CLOCK), ClockValue(round((BEGIN + second) * MICROS), 1, 0, {})


def complete(partition: int, generation: int = 0) -> Told:
    return sign_key(partition, generation, Kind.COMPLETE), Complete(0)


def feed(closer: Closing, told: Told) -> Iterator[Hour]:
    key, value = told
    closer.take(key.encode(), encode(value))
    while (hour := closer.close_next()) is not None:
        yield hour


def told_by(partition: int, made: list[Change], dice: random.Random) -> list[Told]:
    """What an owner writes: cells now and then, at each full hour those that changed with a marker, ticks anywhere."""
    told, waiting, marked = [complete(partition), clock(partition, 0)], {}, True
    events: list[tuple[int, str, int]] = [*made, *((hour * HOUR, "", 0) for hour in range(1, 32))]
    for second, unit, count in sorted(events, key=lambda one: (one[0], one[1] != "")):
        if unit:
            waiting[unit] = count
        if waiting and (not unit or dice.random() < 0.5):
            told += [cell(partition, one, held) for one, held in waiting.items()]
            waiting, marked = {}, False
        if not unit and (not marked or second == 31 * HOUR or dice.random() < 0.1):
            told.append(clock(partition, second))
            marked = True
        elif unit and not waiting and dice.random() < 0.3:
            told.append(clock(partition, second + 0.5))
    return told


def sums(hour: Hour) -> dict[str, int]:
    return {unit: hour.index.counts(ALL, unit).get("received", 0) for unit in ("P1", "P2")}


@given(st.lists(changes, min_size=1, max_size=3), st.integers(0, 2**30))
def test_each_hour_has_what_was_told_before_it_and_nothing_later(made: list[list[Change]], seed: int) -> None:
    dice = random.Random(seed)
    queues = [told_by(partition, one, dice) for partition, one in enumerate(made)]
    closer, found = closing(len(made)), {}
    while any(queues):
        queue = dice.choice([queue for queue in queues if queue])
        for hour in feed(closer, queue.pop(0)):
            found[hour.instant // MICROS - BEGIN] = sums(hour)
    expected = {}
    for passed in range(0, 31 * HOUR + 1, HOUR):
        held = [{unit: count for second, unit, count in one if second < passed} for one in made]
        expected[passed] = {unit: sum(one.get(unit, 0) for one in held) for unit in ("P1", "P2")}
    assert found == expected


def test_who_takes_over_closes_no_hour_again_and_holds_the_same_from_there() -> None:
    told = told_by(0, [(HOUR // 2, "P1", 3), (5 * HOUR, "P2", 7), (9 * HOUR + 1, "P1", 4)], random.Random(1))
    first, then = closing(1), closing(1, (BEGIN + 6 * HOUR) * MICROS)
    all_ = {hour.instant: sums(hour) for one in told for hour in feed(first, one)}
    rest = {hour.instant: sums(hour) for one in told for hour in feed(then, one)}
    assert min(rest) == (BEGIN + 7 * HOUR) * MICROS
    assert rest == {instant: held for instant, held in all_.items() if instant in rest}


def test_a_partition_that_has_said_nothing_holds_every_hour_back() -> None:
    closer = closing(2)
    told = [complete(0), clock(0, 0), cell(0, "P1", 1), clock(0, 5 * HOUR), complete(1)]
    told.append((sign_key(1, 0, Kind.CLOCK), ClockValue(0, 0, 0, {})))
    assert [hour for one in told for hour in feed(closer, one)] == []
    assert [hour.instant // MICROS - BEGIN for hour in feed(closer, clock(1, 2 * HOUR + 5))] == [2 * HOUR]


def test_the_clock_of_an_owner_that_was_replaced_closes_nothing() -> None:
    closer = closing(1)
    told = [complete(0, 1), clock(0, 10, 1), complete(0, 2), clock(0, 20, 2), clock(0, 3 * HOUR, 1)]
    assert [hour.instant // MICROS - BEGIN for one in told for hour in feed(closer, one)] == [0]


def test_midnight_begins_a_day_and_belongs_to_the_one_that_it_ends() -> None:
    closer = closing(1)
    told = [complete(0), clock(0, 22 * HOUR), clock(0, 25 * HOUR)]
    hours = [(hour.first_of_day, hour.day.isoformat()) for one in told for hour in feed(closer, one)]
    assert hours == [(False, "2026-11-24"), (False, "2026-11-24"), (True, "2026-11-24"), (False, "2026-11-25")]


def test_scores_and_places_are_those_of_the_hour() -> None:
    closer = closing(1)
    told = [complete(0), clock(0, 0), cell(0, "P1", 20), cell(0, "P2", 30), clock(0, HOUR), cell(0, "P1", 99)]
    hours = [hour for one in told for hour in feed(closer, one)]
    place = hours[-1].place("2026-11", "P2")
    assert place is not None
    assert (place.rank, place.of, hours[-1].peers("2026-11", "P2")) == (1, 2, "province")
    assert hours[-1].score("2026-11", "P1").total == 1200  # nobody complained: the points of petitions


def test_hours_of_years_in_which_nothing_is_told_are_passed_over_and_the_next_change_is_closed_at_its_hour() -> None:
    closer, year = closing(1), 365 * 24 * HOUR
    said = [complete(0), clock(0, 0), cell(0, "P1", 1), clock(0, HOUR), clock(0, 9 * year)]
    said += [cell(0, "P1", 5), clock(0, 10 * year), clock(0, 10 * year + HOUR)]
    closed = [(hour.instant // MICROS - BEGIN, sums(hour)["P1"]) for one in said for hour in feed(closer, one)]
    assert [at for at, _ in closed] == [*[*range(0, 32 * 24 * HOUR, HOUR)][: 31 * 24 + 2], 10 * year, 10 * year + HOUR]
    assert [count for _, count in closed] == [0] + [1] * (31 * 24 + 1) + [5, 5]
    assert closer.closed == (BEGIN + 10 * year + HOUR) * MICROS
