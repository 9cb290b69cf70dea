"""Row `core`: where the CPU of the pure core goes, part by part, for guidance; and due dates a second."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Final, TypeVar

from streams.core.accounting import encode_ledger
from streams.core.calendar import read_calendar
from streams.core.cases import Case, decode, encode, fresh
from streams.core.contributions import effect
from streams.core.deadlines import due
from streams.core.facts import Batch, Fact, decode_batch
from streams.core.fields import keyed
from streams.core.partition import Partition
from streams.core.rules import Rules
from streams.core.shortcuts import impact, plain_effect
from streams.core.timers import Timers
from streams.core.verdicts import before
from tests.bench.figures import Figure, number
from tests.bench.ground import Ground
from tests.bench.traffic import CIVIL, EVENTS_A_DOSSIER, batches
from tests.streams.core.walked import Walk, cases, ten_years

_TURNS: Final = 3
T = TypeVar("T")


def measure(ground: Ground) -> list[Figure]:
    """The whole of one partition's work, then its parts, each over the same events."""
    dossiers = ground.sized(20_000, 1_000)
    messages = [message for _, message in batches(dossiers, 1)]
    decoded = [decode_batch(message) for message in messages]
    facts = [fact for batch in decoded for fact in batch.facts]
    count = len(facts)
    gc.collect()
    gc.freeze()
    parts = _parts(messages, facts, decoded, ground.sized(_TURNS, 1))
    gc.unfreeze()
    whole = parts["all of it: decode, apply, states, cells, watch list"]
    ground.say(f"{count} events of {count // EVENTS_A_DOSSIER} dossiers in one partition")
    return [
        *(
            Figure(name, seconds * 1e6 / count, "µs an event", beside=f"{seconds / whole:.0%} of the whole")
            for name, seconds in parts.items()
        ),
        _due_dates(ground),
    ]


def _due_dates(ground: Ground) -> Figure:
    """Due dates over ten years of calendar beside a walk over days, which must find the same ones."""
    walk, calendar = Walk(ten_years()), read_calendar(ten_years(), "ten years", CIVIL)
    asked = cases(walk, ground.sized(100_000, 2_000), seed=11)
    gc.collect()
    gc.freeze()
    ours = statistics.median(
        _timed(
            lambda: [due(calendar, received, limit, held, saturdays=switch) for received, limit, held, switch in asked]
        )
        for _ in range(ground.sized(_TURNS, 1))
    )
    theirs = _timed(
        lambda: [walk.due(received, limit, held, saturdays=switch) for received, limit, held, switch in asked]
    )
    gc.unfreeze()
    wrong = sum(
        due(calendar, received, limit, held, saturdays=switch) != walk.due(received, limit, held, saturdays=switch)
        for received, limit, held, switch in asked
    )
    if wrong:
        raise AssertionError(f"{wrong} of {len(asked)} due dates are not those of a walk over days")
    ground.say(f"{len(asked)} due dates are those of a walk over days")
    return Figure(
        "due dates over ten years of calendar, a third with a pause",
        len(asked) / ours,
        "a second",
        at_least=200_000,
        beside=f"{number(len(asked) / theirs)} a second by a walk over days",
        ratio=theirs / ours,
    )


def _parts(messages: list[bytes], facts: list[Fact], decoded: list[Batch], turns: int) -> dict[str, float]:
    """CPU seconds of each part."""
    rules = Rules(CIVIL)
    empty = Partition(rules)
    cases, clock, last = _folded(facts), decoded[-1].clock, before(decoded[-1].clock)
    assigned = [keyed(fact.set) for fact in facts]
    own = [cases[fact.case] for fact in facts]
    stored = [encode(case) for case in own]
    parts: dict[str, Callable[[], object]] = {
        "all of it: decode, apply, states, cells, watch list": lambda: _whole(messages, decode_batch),
        "… as if decoded already": lambda: _whole(list(decoded), lambda batch: batch),
        "decode batches": lambda: [decode_batch(message) for message in messages],
        "assignments by key": lambda: [keyed(fact.set) for fact in facts],
        "impact of the assignments": lambda: [impact(said, last) for said in assigned],
        "decode states (final ones)": lambda: [decode(state) for state in stored],
        "encode states (final ones)": lambda: [encode(case) for case in own],
        "fold": lambda: _folded(facts, assigned),
        "effect, short way": lambda: [plain_effect(case, clock, rules) for case in own],
        "effect, by the rule": lambda: [effect(case, clock, rules) for case in own],
        "timers: push": lambda: _pushed(facts),
        "ledger, once a message": lambda: [encode_ledger(empty.ledger()) for _ in messages],
    }
    return {name: statistics.median(_timed(work) for _ in range(turns)) for name, work in parts.items()}


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _whole(messages: list[T], read: Callable[[T], Batch]) -> Partition:
    partition = Partition(Rules(CIVIL))
    for offset, message in enumerate(messages):
        partition.apply(read(message), offset)
        if not offset % 3:
            for code in partition.take_changed():
                partition.state(code)
            partition.take_told(flush=True)
            partition.take_watch()
    return partition


def _folded(facts: list[Fact], assigned: list[dict[int, object]] | None = None) -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for fact, said in zip(facts, assigned or [keyed(fact.set) for fact in facts], strict=True):
        case = cases.get(fact.case)
        if case is None:
            case = cases[fact.case] = fresh()
        case.fold(fact.recorded, fact.id, said)
    return cases


def _pushed(facts: list[Fact]) -> Timers:
    timers = Timers(lambda _: 0)
    for fact in facts:
        timers.push(fact.recorded, fact.case)
    return timers
