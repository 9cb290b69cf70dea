"""Every item is counted once, in the partition of its own case."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.cases import Case, fresh
from streams.core.facts import Batch, Fact
from streams.core.fields import keyed
from streams.core.partition import Partition
from tests.streams.core.histories import (
    FIRST,
    MANY,
    RULES,
    Message,
    batches,
    fact_accepted,
    facts_in,
    histories,
    run,
)


@MANY
@given(histories, st.data())
def test_every_item_is_counted_once_whatever_is_delivered_again(said: list[Message], data: st.DataObject) -> None:
    sent = batches(said)
    partition, at, items = Partition(RULES), 0, 0
    while at < len(sent):
        partition.apply(sent[at], at)
        items = max(items, sum(fact.counted for fact in facts_in(sent[: at + 1])))
        back = data.draw(st.integers(0, at))
        at = back if data.draw(st.integers(0, 3)) == 0 else at + 1
        assert sum(account.applied + account.repeated for account in partition.accounts.values()) == items


@MANY
@given(histories)
def test_an_item_is_applied_when_it_changed_something_and_repeated_when_not(said: list[Message]) -> None:
    sent = batches(said)
    partition = run(sent)
    cases: dict[str, Case] = defaultdict(fresh)
    applied = 0
    for fact in facts_in(sent):
        changed = cases[fact.case].fold(fact.recorded, fact.id, keyed(fact.set))
        applied += changed and fact.counted  # of a complaint the petition is the item
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
