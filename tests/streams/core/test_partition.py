"""A partition against a slow oracle, after whatever was said in whatever order, and whatever time passed."""

from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.cases import decode, encode, fresh
from streams.core.civil import HOUR, MICROS
from streams.core.contributions import NEVER, Watch, effect
from streams.core.facts import Batch, Fact, decode_batch, encode_batch
from streams.core.fields import keyed
from streams.core.partition import Marker, Partition
from streams.core.shortcuts import impact, plain_effect
from streams.core.verdicts import before
from tests.streams.core.histories import (
    CIVIL,
    FIRST,
    RULES,
    Message,
    any_facts,
    batches,
    cases_of,
    cells_held,
    cells_of,
    clocks,
    messages,
    plain_facts,
    run,
    told,
    watched_of,
)

MANY = settings(max_examples=100, deadline=None)
histories = messages(plain_facts) | messages(any_facts)


def facts_in(said: list[Batch]) -> list[Fact]:
    return [fact for batch in said for fact in batch.facts]


def assert_right(partition: Partition, said: list[Batch], clock: int) -> None:
    cases = cases_of(facts_in(said))
    assert partition.clock == clock
    assert cells_held(partition) == cells_of(cases.values(), clock)
    assert partition.all_watched() == watched_of(cases, clock)
    assert partition.states() == {key: encode(case) for key, case in cases.items()}


@MANY
@given(histories)
def test_cells_and_watch_list_are_the_recomputed_ones_after_every_message(said: list[Message]) -> None:
    partition, sent, clock = Partition(RULES), batches(said), 0
    for at, batch in enumerate(sent):
        partition.apply(batch, at)
        clock = max(clock, batch.clock)
        assert_right(partition, sent[: at + 1], clock)


@MANY
@given(histories, st.lists(clocks, max_size=4))
def test_cells_and_watch_list_are_the_recomputed_ones_however_time_passes(
    said: list[Message], jumps: list[int]
) -> None:
    sent = batches(said)
    partition = run(sent)
    for clock in jumps:
        partition.advance(clock)
        assert_right(partition, sent, partition.clock)


@MANY
@given(histories, clocks, st.randoms(use_true_random=False))
def test_no_order_and_no_repetition_of_messages_changes_what_comes_out(
    said: list[Message], clock: int, chance: Random
) -> None:
    sent = batches(said)
    again = sent + sent[: len(sent) // 2]
    chance.shuffle(again)
    one, other = run([*sent, Batch(clock)]), run([*again, Batch(clock)])
    assert cells_held(one) == cells_held(other)
    assert one.all_watched() == other.all_watched()
    assert one.states() == other.states()
    assert one.next_change() == other.next_change()


@MANY
@given(histories, clocks)
def test_partitions_by_case_add_up_to_one_partition_of_all(said: list[Message], clock: int) -> None:
    whole = run([*batches(said), Batch(clock)])
    parts = [
        run(
            [
                *batches([Message(at, [f for f in facts if (f.case == "H2-1") == other]) for at, facts in said]),
                Batch(clock),
            ]
        )
        for other in (False, True)
    ]
    total: dict[tuple[str, int], dict[str, int]] = {}
    for part in parts:
        for key, counts in cells_held(part).items():
            cell = total.setdefault(key, {})
            for name, count in counts.items():
                cell[name] = cell.get(name, 0) + count
    assert total == cells_held(whole)


@settings(max_examples=300, deadline=None)
@given(st.lists(plain_facts, max_size=6) | st.lists(any_facts, max_size=6), clocks)
def test_the_short_way_to_an_effect_is_the_rule(facts: list[Fact], clock: int) -> None:
    for case in cases_of(facts).values():
        if impact(case.flat, before(clock)) is not None:
            assert plain_effect(case, clock, RULES) == effect(case, clock, RULES)


@settings(max_examples=300, deadline=None)
@given(st.lists(any_facts, max_size=6), clocks)
def test_an_effect_holds_until_its_next_change_and_changes_there(facts: list[Fact], clock: int) -> None:
    for case in cases_of(facts).values():
        now = effect(case, clock, RULES)
        assert now.next_change > clock
        if now.next_change < NEVER:
            assert effect(case, now.next_change - 1, RULES) == now
        else:
            assert effect(case, clock + 10_000 * 24 * HOUR * MICROS, RULES) == now


@MANY
@given(histories, clocks)
def test_with_no_event_every_case_changes_once_at_the_instant_that_was_foretold(
    said: list[Message], clock: int
) -> None:
    partition = run([*batches(said), Batch(clock)])
    cases = cases_of(facts_in(batches(said)))
    for _ in range(40):
        coming = partition.next_change()
        if coming == NEVER or coming > FIRST + 100 * 24 * HOUR * MICROS:
            break
        earlier = cells_held(partition), partition.all_watched()
        partition.advance(coming - 1)
        assert (cells_held(partition), partition.all_watched()) == earlier
        partition.advance(coming)
        assert (cells_held(partition), partition.all_watched()) == (
            cells_of(cases.values(), coming),
            watched_of(cases, coming),
        )
        assert partition.next_change() > coming


@MANY
@given(histories, clocks)
def test_states_absorbed_by_a_new_owner_give_what_the_old_one_held(said: list[Message], clock: int) -> None:
    live = run([*batches(said), Batch(clock)])
    heir = Partition(RULES)
    for key, state in live.states().items():
        heir.absorb(key, state)
    heir.absorb_ledger(live.ledger())
    heir.settle(set(live.states()))
    assert cells_held(heir) == cells_held(live)
    assert heir.all_watched() == live.all_watched() == kept(heir.take_watch())
    assert heir.next_change() == live.next_change()
    assert heir.ledger() == live.ledger()
    assert told([*heir.all_cells(), Marker(heir.clock)]) == cells_held(live)


@MANY
@given(histories, histories, clocks)
def test_the_states_of_two_owners_merge_into_the_state_of_all_that_both_read(
    one: list[Message], other: list[Message], clock: int
) -> None:
    sent = batches(one + other)
    mine, theirs = run(sent[: len(one)]), run(sent[len(one) :])
    seen = kept(mine.take_watch())
    for key, state in theirs.states().items():
        mine.absorb(key, state)
    mine.absorb_ledger(theirs.ledger())
    mine.settle(set(mine.states()))
    mine.advance(clock)
    assert_right(mine, sent, mine.clock)
    assert kept(mine.take_watch(), seen) == mine.all_watched()
    assert mine.next_change() == run([*sent, Batch(mine.clock)]).next_change()


@MANY
@given(histories, st.lists(clocks, max_size=3))
def test_what_is_folded_into_an_absorbed_state_is_folded_as_into_a_live_one(
    said: list[Message], jumps: list[int]
) -> None:
    sent = batches(said)
    half = len(sent) // 2
    live = run(sent[:half])
    heir = Partition(RULES)
    for key, state in live.states().items():
        heir.absorb(key, state)
    heir.absorb_ledger(live.ledger())
    heir.settle(set(heir.states()))
    for batch in [*sent[half:], *(Batch(clock) for clock in jumps)]:
        for partition in (live, heir):
            partition.apply(batch, 0)
    assert cells_held(heir) == cells_held(live)
    assert heir.all_watched() == live.all_watched()
    assert heir.accounts == live.accounts


def kept(changes: dict[str, Watch | None], held: dict[str, Watch] | None = None) -> dict[str, Watch]:
    """What a reader of the watch list holds after changes."""
    found: dict[str, Watch | None] = {**(held or {}), **changes}
    return {key: entry for key, entry in found.items() if entry is not None}


@MANY
@given(histories, st.lists(clocks, max_size=3))
def test_the_changes_of_the_watch_list_applied_in_order_are_the_watch_list(
    said: list[Message], jumps: list[int]
) -> None:
    partition = Partition(RULES)
    held: dict[str, Watch] = {}
    for at, batch in enumerate([*batches(said), *(Batch(clock) for clock in jumps)]):
        partition.apply(batch, at)
        held = kept(partition.take_watch(), held)
        assert held == partition.all_watched()


# -- telling --------------------------------------------------------------------------------------------------------


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


def test_a_case_that_turns_late_at_midnight_is_late_in_the_cells_of_that_midnight() -> None:
    [fact] = facts_in(batches([Message(FIRST, [fact_accepted(0)])]))
    late = fact.set["due_first"] // (24 * HOUR) * 24 * HOUR + 17 * HOUR
    fact = msgspec.structs.replace(fact, set=fact.set | {"due_first": late - 1})
    partition = run([Batch(FIRST, [fact], ["a/0"]), Batch(FIRST + 9 * 24 * HOUR * MICROS)])
    cells = told(partition.take_told(flush=False), late * MICROS)
    assert [counts["open_overdue_now"] for counts in cells.values()] == [1]


def test_markers_stand_on_full_hours_in_order_and_each_once() -> None:
    facts = [fact_accepted(number) for number in range(9)]
    partition = run(batches([Message(FIRST, facts), Message(FIRST + 400 * 24 * HOUR * MICROS, [])]))
    markers = [update.clock for update in partition.take_told(flush=False) if isinstance(update, Marker)]
    assert markers == sorted(set(markers))
    assert all(CIVIL.last_full_hour(marker // MICROS) * MICROS == marker for marker in markers)


def fact_accepted(number: int, place: int = 0) -> Fact:
    at = FIRST // MICROS + number * 5000
    said = {"accepted": at, "due_first": at + 90_000}
    return Fact(f"H1-{number}", "accepted", at, at * MICROS, f"e{number}", said, (place, 0, 0))


# -- accounting -----------------------------------------------------------------------------------------------------


@MANY
@given(histories, st.data())
def test_every_item_is_counted_once_whatever_is_delivered_again(said: list[Message], data: st.DataObject) -> None:
    sent = batches(said)
    partition, at, items = Partition(RULES), 0, 0
    while at < len(sent):
        partition.apply(sent[at], at)
        items = max(items, sum(len(batch.facts) for batch in sent[: at + 1]))
        back = data.draw(st.integers(0, at))
        at = back if data.draw(st.integers(0, 3)) == 0 else at + 1
        assert sum(account.applied + account.repeated for account in partition.accounts.values()) == items


@MANY
@given(histories)
def test_an_item_is_applied_when_it_changed_something_and_repeated_when_not(said: list[Message]) -> None:
    sent = batches(said)
    partition = run(sent)
    cases, applied = {key: fresh() for key in ("H1-1", "H1-2", "H2-1")}, 0
    for fact in facts_in(sent):
        applied += cases[fact.case].fold(fact.recorded, fact.id, keyed(fact.set))
    assert sum(account.applied for account in partition.accounts.values()) == applied


@pytest.mark.parametrize("first", [True, False])
def test_a_fact_for_another_case_is_not_counted_and_does_not_keep_its_item_from_being_counted(first: bool) -> None:
    petition = fact_accepted(1)
    other = Fact("H1-9", "complained", 0, 0, "e1", {"complained": 5}, counted=False)
    partition = run([Batch(FIRST, [petition, other] if first else [other, petition], ["petitions/0"])])
    assert partition.accounts["petitions/0"].applied == 1
    assert partition.redelivered == 0
    assert set(partition.states()) == {"H1-1", "H1-9"}


def test_inputs_are_accounted_for_apart() -> None:
    partition = run([Batch(FIRST, [fact_accepted(1), fact_accepted(2, place=1)], ["a/0", "b/1"])])
    assert {name: account.applied for name, account in partition.accounts.items()} == {"a/0": 1, "b/1": 1}


@MANY
@given(histories)
def test_batches_and_states_come_back_from_the_wire_as_they_were(said: list[Message]) -> None:
    for batch in batches(said):
        assert encode_batch(decode_batch(encode_batch(batch))) == encode_batch(batch)
    partition = run(decode_batch(encode_batch(batch)) for batch in batches(said))
    assert partition.states() == run(batches(said)).states()
    assert all(encode(decode(state)) == state for state in partition.states().values())
