"""Cells and markers: what a reader may take for the cells as of a full hour."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streams.core.cells import CellUpdate, Marker
from streams.core.civil import HOUR, MICROS
from streams.core.facts import Batch, Fact
from streams.core.partition import Partition
from streams.core.uses import UseUpdate
from tests.streams.core.histories import (
    CIVIL,
    FIRST,
    MANY,
    RULES,
    Message,
    any_facts,
    batches,
    cases_of,
    cells_held,
    clocks,
    fact_accepted,
    facts_in,
    histories,
    run,
    told,
)
from tests.streams.core.oracle import cells_of


def in_order(said: list[Message], *ticks: int) -> list[Batch]:
    return sorted([*batches(said), *(Batch(clock) for clock in ticks)], key=lambda batch: batch.clock)


@MANY
@given(histories, st.lists(clocks, max_size=3), st.booleans())
def test_cells_told_up_to_any_full_hour_are_the_cells_as_of_it(
    said: list[Message], jumps: list[int], flush: bool
) -> None:
    partition, sent, updates = Partition(RULES), in_order(said, *jumps), []
    for at, batch in enumerate(sent):
        partition.apply(batch, at)
        updates += partition.take_told(flush)
    for hour in range(FIRST, partition.clock + 1, HOUR * MICROS):
        then = [fact for batch in sent if batch.clock < hour for fact in batch.facts]
        assert told(updates, hour) == cells_of(cases_of(then).values(), hour)


@MANY
@given(histories, clocks)
def test_with_a_flush_everything_has_been_told_once_the_clock_has_left_the_hour(
    said: list[Message], clock: int
) -> None:
    partition, updates = Partition(RULES), []
    for at, batch in enumerate(in_order(said, clock)):
        partition.apply(batch, at)
        updates += partition.take_told(flush=True)
    partition.advance(partition.clock + 1)
    updates += partition.take_told(flush=True)
    assert told(updates, partition.clock) == cells_held(partition)


def test_what_is_said_late_when_the_clock_stands_at_a_full_hour_is_told_at_once_and_is_not_of_that_hour() -> None:
    hour = FIRST + 400 * 24 * HOUR * MICROS
    partition, updates = Partition(RULES), []
    for at, batch in enumerate([Batch(hour), *batches([Message(FIRST, [fact_accepted(0)])]), Batch(hour + 1)]):
        partition.apply(batch, at)
        said = partition.take_told(flush=True)
        if batch.facts:
            assert [type(update) for update in said] == [Marker, CellUpdate, UseUpdate], (
                "the hour ends before what is not of it"
            )
        updates += said
    assert told(updates, hour) == {}
    assert told(updates) == cells_held(partition) != {}


def test_a_case_that_turns_late_at_midnight_is_late_in_the_cells_of_that_midnight() -> None:
    [fact] = facts_in(batches([Message(FIRST, [fact_accepted(0)])]))
    late = fact.set["due_first"] // (24 * HOUR) * 24 * HOUR + 17 * HOUR
    fact = msgspec.structs.replace(fact, set=fact.set | {"due_first": late - 1})
    partition = run([Batch(FIRST, [fact], ["a/0"]), Batch(FIRST + 9 * 24 * HOUR * MICROS)])
    cells = told(partition.take_told(flush=False), late * MICROS)
    assert [counts["open_overdue_now"] for counts in cells.values()] == [1, 1], "of its day, of its procedure"


def test_markers_stand_on_full_hours_in_order_and_each_once() -> None:
    facts = [fact_accepted(number) for number in range(9)]
    partition = run(batches([Message(FIRST, facts), Message(FIRST + 400 * 24 * HOUR * MICROS, [])]))
    markers = [update.clock for update in partition.take_told(flush=False) if isinstance(update, Marker)]
    assert markers == sorted(set(markers))
    assert all(CIVIL.last_full_hour(marker // MICROS) * MICROS == marker for marker in markers)


@MANY
@given(st.lists(any_facts, max_size=8))
def test_full_hours_pass_within_a_batch_in_order_as_they_pass_between_batches(facts: list[Fact]) -> None:
    facts = sorted(facts, key=lambda fact: fact.recorded)
    last = facts[-1].recorded if facts else FIRST
    [batch] = batches([Message(last, facts)])
    ordered = msgspec.structs.replace(batch, ordered=True)
    partition = run([ordered, Batch(last + 2 * HOUR * MICROS)])
    updates = partition.take_told(flush=True)
    for hour in range(FIRST - 80 * HOUR * MICROS, last + HOUR * MICROS, HOUR * MICROS):
        then = [fact for fact in batch.facts if fact.recorded < hour]
        assert told(updates, hour) == cells_of(cases_of(then).values(), hour)
    assert partition.states() == run([batch]).states()
