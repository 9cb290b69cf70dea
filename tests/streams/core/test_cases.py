"""A case is a set of facts: whatever comes first, twice or by way of another state, equal facts give equal bytes."""

from itertools import permutations
from random import Random
from typing import TypeAlias

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.cases import Case, Flat, Group, Stamp, decode, encode, fold_groups, fresh, merge
from streams.core.fields import (
    ASKED,
    CHANNEL,
    COMPLETED,
    DUE_CORRECTED,
    DUE_CURRENT,
    DUE_FIRST,
    FINISHED,
    SPAN,
    STEP,
    UNIT,
    Key,
    Value,
)

Told: TypeAlias = tuple[int, str, Flat]  # recorded (micros), event id, assignments by key in ascending order
Registers: TypeAlias = dict[Key, tuple[Stamp, Value]]

KEYS = (
    UNIT,
    CHANNEL,
    DUE_FIRST,
    DUE_CORRECTED,
    DUE_CURRENT,
    FINISHED,
    *(moment * SPAN + code for moment in (-86_400, 0, 5, 7) for code in (ASKED, COMPLETED, STEP)),
)
values = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(("", "a", "b")), st.just([1, "x"]))
assignments = st.dictionaries(st.sampled_from(KEYS), values, max_size=5).map(lambda flat: dict(sorted(flat.items())))
HEX = "0123456789abcdef01"  # as the ids that intake makes of a content
IDS = ("", "a", "b", "é", "zz", HEX, HEX.upper(), HEX[:-3] + " 01", HEX[:-1] + "g", HEX[:-2], HEX + HEX)
told = st.tuples(st.integers(-2, 4), st.sampled_from(IDS), assignments)


def folded(events: list[Told]) -> Case:
    case = fresh()
    for recorded, event, assigned in events:
        case.fold(recorded, event, dict(assigned))
    return case


def reference(events: list[Told]) -> Registers:
    """One register per key, each merged alone: the definition, without any of the storage."""
    registers: Registers = {}
    for recorded, event, assigned in events:
        for key, value in assigned.items():
            mine = ((recorded, event), value)
            if key not in registers or _wins(key, mine, registers[key]):
                registers[key] = mine
    return registers


def _wins(key: Key, mine: tuple[Stamp, Value], held: tuple[Stamp, Value]) -> bool:
    if mine[0] == held[0]:
        return msgspec.msgpack.encode(mine[1]) > msgspec.msgpack.encode(held[1])
    return mine[0] < held[0] if key == DUE_FIRST else mine[0] > held[0]


def registers_of(case: Case) -> Registers:
    return {key: (case.stamp(key), value) for key, value in case.flat.items()}


@given(st.lists(told, max_size=12), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_of_events_give_the_same_bytes(events: list[Told], chance: Random) -> None:
    again = events + [chance.choice(events) for _ in events]
    chance.shuffle(again)
    assert encode(folded(again)) == encode(folded(events))


@given(st.lists(told, max_size=12))
def test_every_register_holds_what_its_own_merge_rule_says(events: list[Told]) -> None:
    assert registers_of(folded(events)) == reference(events)


@given(st.lists(told, max_size=12))
def test_a_fold_says_true_exactly_when_the_bytes_change(events: list[Told]) -> None:
    case = fresh()
    for recorded, event, assigned in events:
        earlier = encode(case)
        assert case.fold(recorded, event, dict(assigned)) == (encode(case) != earlier)


@given(st.lists(told, max_size=12), st.data())
def test_states_folded_apart_and_merged_are_the_state_folded_together(events: list[Told], data: st.DataObject) -> None:
    owners = [data.draw(st.integers(0, 2)) for _ in events]
    parts = [folded([event for event, owner in zip(events, owners, strict=True) if owner == one]) for one in range(3)]
    merged = fresh()
    for part in data.draw(st.permutations(parts)):
        merge(merged, part.groups())
    assert encode(merged) == encode(folded(events))


@given(st.lists(told, max_size=8), st.lists(told, max_size=8))
def test_merging_changes_nothing_when_the_other_knows_no_more(events: list[Told], more: list[Told]) -> None:
    case = folded(events + more)
    assert not merge(case, folded(events).groups())
    assert encode(case) == encode(folded(events + more))


@given(st.lists(told, max_size=12))
def test_the_quick_ways_of_folding_leave_what_the_slow_way_leaves(events: list[Told]) -> None:
    groups: list[Group] = []
    for recorded, event, assigned in events:
        fold_groups(groups, (recorded, event), assigned)
    assert folded(events).groups() == groups


@given(st.lists(told, max_size=12))
def test_a_stored_case_is_read_back_as_it_was_and_folds_on(events: list[Told]) -> None:
    half = len(events) // 2
    case = decode(encode(folded(events[:half])))
    for recorded, event, assigned in events[half:]:
        case.fold(recorded, event, dict(assigned))
    assert encode(case) == encode(folded(events))


@given(st.lists(told, max_size=12))
def test_no_event_is_kept_that_no_assignment_stands_of(events: list[Told]) -> None:
    case = folded(events)
    assert set(case.stamps()) == {stamp for stamp, _ in reference(events).values()}


@pytest.mark.parametrize("event", IDS)
def test_an_event_id_is_read_back_as_it_was_whatever_it_looks_like(event: str) -> None:
    case = folded([(1, event, {CHANNEL: 1}), (2, HEX, {UNIT: "U"}), (3, event, {FINISHED: 7})])
    assert [id_ for _, id_ in decode(encode(case)).stamps()] == [event, HEX, event]


def test_an_id_made_of_a_content_takes_half_its_characters() -> None:
    assert len(encode(folded([(1, HEX, {CHANNEL: 1})]))) < len(encode(folded([(1, HEX[:-1] + "g", {CHANNEL: 1})]))) - 8


FIRST = [
    pytest.param([(2, "a", 10), (1, "b", 20)], 20, id="the earlier recorded wins"),
    pytest.param([(1, "b", 10), (1, "a", 20)], 20, id="on a tie the lower event id wins"),
    pytest.param([(1, "a", 10), (3, "z", 20), (2, "m", 30)], 10, id="whatever is recorded later changes nothing"),
    pytest.param([(-5, "a", 10), (5, "a", 20)], 10, id="a moment before 1970 is earlier than one after"),
]
LATEST = [
    pytest.param([(2, "a", 10), (1, "b", 20)], 10, id="the later recorded wins"),
    pytest.param([(1, "b", 10), (1, "a", 20)], 10, id="on a tie the greater event id wins"),
    pytest.param([(1, "a", 10), (2, "a", None)], None, id="clearing is a value"),
    pytest.param([(2, "a", None), (1, "b", 10)], None, id="a clearing holds against what was recorded earlier"),
    pytest.param([(1, "a", 10), (2, "b", None), (3, "c", 20)], 20, id="what is recorded after a clearing stands"),
    pytest.param([(-5, "z", 10), (-4, "a", 20)], 20, id="moments before 1970 keep their order"),
    pytest.param([(-1, "z", 10), (0, "a", 20)], 20, id="1970 itself follows what lies before"),
    pytest.param([(1, "a", 10), (1, "a", 20)], 20, id="one id with two contents is decided alike"),
    pytest.param([(1, "z", 10), (1, "é", 20)], 20, id="ids are compared by their bytes"),
]


@pytest.mark.parametrize(
    ("code", "said", "stands"),
    [pytest.param(DUE_FIRST, *one.values, id=f"first: {one.id}") for one in FIRST]
    + [pytest.param(FINISHED, *one.values, id=f"latest: {one.id}") for one in LATEST]
    + [pytest.param(9 * SPAN + STEP, *one.values, id=f"element: {one.id}") for one in LATEST],
)
def test_what_stands_of_one_register(code: Key, said: list[tuple[int, str, Value]], stands: Value) -> None:
    for order in permutations(said):
        assert folded([(recorded, event, {code: value}) for recorded, event, value in order]).flat[code] == stands


def test_a_repeated_value_advances_its_stamp_and_so_outlives_what_was_recorded_between() -> None:
    said: list[Told] = [(1, "a", {CHANNEL: 1}), (3, "c", {CHANNEL: 1}), (2, "b", {CHANNEL: 2})]
    assert folded(said).flat[CHANNEL] == 1
    assert folded(said).stamp(CHANNEL) == (3, "c")


def test_an_event_that_assigns_nothing_leaves_no_trace() -> None:
    case = folded([(1, "a", {CHANNEL: 1}), (2, "b", {})])
    assert encode(case) == encode(folded([(1, "a", {CHANNEL: 1})]))


def test_the_assignment_of_an_absent_key_has_no_stamp() -> None:
    with pytest.raises(ValueError, match="not in list"):
        fresh().stamp(CHANNEL)


@pytest.mark.parametrize("count", [254, 255, 256, 257, 300])
def test_a_case_of_more_events_than_a_byte_can_number_keeps_them_all(count: int) -> None:
    events: list[Told] = [(at, f"e{at}", {at * SPAN + STEP: ""}) for at in range(1, count + 1)]
    case = folded(events)
    assert registers_of(case) == reference(events)
    assert encode(folded(events[::-1])) == encode(case)
    assert encode(folded(events + events[:9])) == encode(case)
    assert decode(encode(case)).stamps() == [(at, f"e{at}") for at in range(1, count + 1)]


def test_a_large_case_that_loses_events_again_is_stored_like_one_that_was_never_large() -> None:
    steps: list[Told] = [(at, f"e{at:03}", {at * SPAN + STEP: ""}) for at in range(1, 301)]
    cleared: Told = (1000, "clear", {at * SPAN + STEP: None for at in range(1, 301)})
    assert encode(folded([*steps, cleared])) == encode(folded([cleared]))
