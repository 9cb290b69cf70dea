"""A partition against a slow oracle, after whatever was said in whatever order, and whatever time passed."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.accounting import Ledger
from streams.core.cases import decode, encode
from streams.core.cells import Marker
from streams.core.civil import HOUR, MICROS
from streams.core.contributions import NEVER, Watch, effect
from streams.core.facts import Batch, Fact, decode_batch, encode_batch
from streams.core.partition import Partition
from streams.core.shortcuts import impact, plain_effect
from streams.core.stored import split, unchanged
from streams.core.verdicts import before
from tests.streams.core.histories import (
    FIRST,
    MANY,
    PLAIN_RULES,
    RULES,
    START,
    Cells,
    Message,
    any_facts,
    batches,
    cases_of,
    cells_held,
    clocks,
    event_of,
    fact_of,
    facts_in,
    histories,
    plain_facts,
    run,
    told,
)
from tests.streams.core.oracle import cells_of, watched_of


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
    total: Cells = {}
    for part in parts:
        for key, counts in cells_held(part).items():
            cell = total.setdefault(key, {})
            for name, count in counts.items():
                cell[name] = cell.get(name, 0) + count
    assert total == cells_held(whole)


@settings(max_examples=200, deadline=None)
@given(st.lists(plain_facts, max_size=6) | st.lists(any_facts, max_size=6), clocks)
def test_the_short_way_to_an_effect_is_the_rule(facts: list[Fact], clock: int) -> None:
    for case in cases_of(facts).values():
        if impact(case.flat, before(clock)) is not None:
            assert plain_effect(case, clock, RULES) == effect(case, clock, RULES)


@settings(max_examples=200, deadline=None)
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
    heir.catch_up()
    assert cells_held(heir) == cells_held(live)
    assert heir.all_watched() == live.all_watched() == kept(heir.take_watch())
    assert heir.next_change() == live.next_change()
    assert heir.ledger() == live.ledger()
    assert told([*heir.all_cells(), Marker(heir.clock)]) == cells_held(live)


@MANY
@given(histories, clocks, clocks, st.sampled_from(("same rules", "other rules", "older clock")))
def test_what_was_judged_before_it_was_stored_is_as_if_it_were_judged_anew(
    said: list[Message], clock: int, later: int, under: str
) -> None:
    live = run([*batches(said), Batch(clock)])
    ledger = live.ledger()
    if under == "older clock":  # the worker died between the states and the ledger of a commit
        ledger = Ledger(min(clock, FIRST), -1, 0, {})
    heirs = []
    for judged in (True, False):
        heir = Partition(PLAIN_RULES if under == "other rules" else RULES)
        for key, value in live.records(live.states()):
            how, state = split(value)
            heir.absorb(key, state, how if judged else None)
        heir.absorb_ledger(ledger)
        heir.settle(set(live.states()))
        heir.catch_up()
        heirs.append(heir)
    quick, slow = heirs
    for at in (quick.clock, later):
        for heir in heirs:
            heir.advance(at)
        assert cells_held(quick) == cells_held(slow)
        assert quick.all_watched() == slow.all_watched()
        assert quick.next_change() == slow.next_change()
        assert quick.states() == slow.states()


def test_only_what_changed_between_writing_and_loading_is_judged_again() -> None:
    accepted = [fact_of(event_of(f"H{number}", "accepted", {"at": START, "unit": "U1"})) for number in range(9)]
    live = run([Batch(FIRST, accepted, ["dossier-events/0"])])
    [*found] = (split(value)[0] for _, value in live.records(live.states()))
    judged = [how for how in found if how is not None]
    assert len(judged) == 9
    # They are received once the clock is past that instant, so nothing holds for longer than the instant itself.
    assert all(unchanged(how, live.clock) is not None for how in judged)
    assert all(unchanged(how, clock) is None for how in judged for clock in (live.clock - 1, live.clock + 1))


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
    mine.catch_up()
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
    heir.catch_up()
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


@MANY
@given(histories)
def test_batches_and_states_come_back_from_the_wire_as_they_were(said: list[Message]) -> None:
    for batch in batches(said):
        assert encode_batch(decode_batch(encode_batch(batch))) == encode_batch(batch)
    partition = run(decode_batch(encode_batch(batch)) for batch in batches(said))
    assert partition.states() == run(batches(said)).states()
    assert all(encode(decode(state)) == state for state in partition.states().values())
