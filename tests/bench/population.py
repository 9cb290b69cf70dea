"""Many cases at once: states of dossiers in the middle of their life and after it, and putting them into Kafka."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Iterator
from typing import Final

from streams.core.accounting import LEDGER_KEY, Ledger, encode_ledger
from streams.core.cases import Case, encode, fresh
from streams.core.civil import MICROS
from streams.core.fields import (
    ACCEPTED,
    CHANNEL,
    DIGITISED,
    DUE_CURRENT,
    DUE_FIRST,
    FINISHED,
    PAID,
    PAYMENT_ASKED,
    PROCEDURE,
    RECEIVED_UNIT,
    RETURNED,
    RETURNED_HOW,
    SPAN,
    STEP,
    UNIT,
)
from streams.core.partition import Partition
from streams.core.routing import partition_of
from streams.core.rules import Rules
from streams.definitions import base_rules
from streams.logs import KafkaLog, Record, bulk_producer
from streams.settings import Settings
from streams.topics import topic_name

DAY: Final = 86_400
LIFE: Final = 8  # events of a whole dossier
OPEN_EVENTS: Final = 5  # of one that is open, in the population
_BULK: Final = 20_000
_DISTINCT: Final = 10_000


def case_code(unit: str, number: int) -> str:
    """The code of a case."""
    return f"{unit}-26-{number:08d}"


def state_of(dice: random.Random, unit: str, now: int, *, events: int, due: int | None = None) -> Case:
    """A case as of `now` (seconds) after so many of its 8 events, due (unless given) within the next 20 days."""
    accepted = now - dice.randrange(DAY, 20 * DAY)
    due = accepted + 20 * DAY + dice.randrange(DAY) if due is None else due
    moments = [accepted + step * (now - accepted) // 8 for step in range(8)]
    amount = dice.randrange(1, 5)
    said: list[dict[int, object]] = [
        {
            RECEIVED_UNIT: unit,
            UNIT: unit,
            PROCEDURE: f"1.{dice.randrange(300):06d}",
            CHANNEL: dice.randrange(1, 4),
            ACCEPTED: accepted,
            DUE_FIRST: due,
            DUE_CURRENT: due,
        },
        {moments[1] * SPAN + STEP: "appraised@centre"},
        {moments[2] * SPAN + PAYMENT_ASKED: amount},
        {moments[3] * SPAN + PAID: [amount, "counter"]},
        {DIGITISED: moments[4]},
        {moments[5] * SPAN + STEP: "approved,stamped"},
        {FINISHED: moments[6]},
        {RETURNED: moments[7], RETURNED_HOW: 1},
    ]
    case = fresh()
    for moment, assigned in zip(moments, said[:events], strict=False):
        case.fold(moment * MICROS, f"{dice.getrandbits(72):018x}", assigned)
    return case


def has_ended(number: int, units: int) -> bool:
    """Whether a case of the population has ended: every second one, in every unit."""
    return (number + number // units) % 2 == 0


def population(count: int, units: list[str], now: int) -> Iterator[tuple[str, bytes]]:
    """`count` cases by code, with their states: see `has_ended`."""
    dice = random.Random(766)
    for number in range(count):
        unit = units[number % len(units)]
        events = LIFE if has_ended(number, len(units)) else OPEN_EVENTS
        yield case_code(unit, number), encode(state_of(dice, unit, now, events=events))


def events_had(number: int, units: int) -> int:
    """How many events a case of `alike` has had: all when ended, else one to seven, evenly in every unit."""
    return LIFE if has_ended(number, units) else 1 + number // (2 * units) % (LIFE - 1)


def alike(count: int, units: list[str], now: int) -> Iterator[tuple[str, bytes]]:
    """`count` cases at every stage of their life; they share the states of the first few thousand, to be made quickly.

    For a partition alone, which keeps its own copy of each; on a topic states that are alike would pack too well.
    """
    dice, turn = random.Random(766), 2 * len(units) * (LIFE - 1)
    distinct = min(count, turn * -(-_DISTINCT // turn))
    had = (events_had(number, len(units)) for number in range(distinct))
    first = [encode(state_of(dice, units[at % len(units)], now, events=events)) for at, events in enumerate(had)]
    for number in range(count):
        yield case_code(units[number % len(units)], number), first[number % distinct]


def store(settings: Settings, states: Iterable[tuple[str, bytes]], now: int) -> None:
    """Write states as a worker would have left them at `now` (seconds), with the ledgers of their partitions."""
    asyncio.run(_store(settings, states, now))


async def _store(settings: Settings, states: Iterable[tuple[str, bytes]], now: int) -> None:
    rules = base_rules(settings)
    producer = bulk_producer(settings)
    await producer.start()
    log = KafkaLog(topic_name(settings.run, "dossier-state"), settings, producer)
    waiting: dict[int, list[tuple[str, bytes]]] = {number: [] for number in range(settings.partitions)}
    for code, state in states:
        number = partition_of(code, settings.partitions)
        held = waiting[number]
        held.append((code, state))
        if len(held) == _BULK:
            await log.append(number, _judged(held, rules, now))
            held.clear()
    ledger = Record(LEDGER_KEY.encode(), encode_ledger(Ledger(now * MICROS, -1, 1, {})))
    for number, held in waiting.items():
        await log.append(number, [*_judged(held, rules, now), ledger])
    await producer.stop()


def _judged(states: list[tuple[str, bytes]], rules: Rules, now: int) -> list[Record]:
    partition = Partition(rules)
    partition.clock = now * MICROS
    for code, state in states:
        partition.absorb(code, state)
    partition.settle([code for code, _ in states])
    return [Record(code.encode(), value) for code, value in partition.records(code for code, _ in states)]
