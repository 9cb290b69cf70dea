"""A partition in a steady state: so many cases held, every batch with the next events of open ones."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Final

from streams.core.civil import MICROS
from streams.core.facts import Batch, Fact, decode_batch, encode_batch
from streams.core.partition import Partition
from streams.core.rules import Rules
from tests.bench.population import DAY, LIFE, alike, case_code, events_had
from tests.bench.traffic import BATCH, CIVIL, codes_of_units

_NOW: Final = 1_790_560_000  # seconds; a Monday morning in September 2026


class Steady:
    """A partition with `cases` held, half of them open, of so many units; and batches that keep it so.

    Each event is the next one of an open case; a case that has had its last one makes room for a new one.  Open cases
    stand evenly at every stage from the start, so that the mix of events is the same however many there are.
    """

    def __init__(self, cases: int, units: int) -> None:
        self.cases, self.units = cases, units
        self.partition = Partition(Rules(CIVIL))
        self._codes = codes_of_units(units)
        self._dice = random.Random(cases * 10_007 + units)
        held = dict(alike(cases, self._codes, _NOW))
        self.partition.clock = _NOW * MICROS
        for code, state in held.items():
            self.partition.absorb(code, state)
        self.partition.settle(set(held))
        self.partition.take_watch()
        self.partition.take_told(flush=True)
        self._number, self._recorded, self._offset = cases, _NOW * MICROS, 0
        self._open = [(code, had) for at, code in enumerate(held) if (had := events_had(at, units)) < LIFE]
        self._open += [(self._new(), 0) for _ in range(len(self._open) // (LIFE - 1))]

    def batches(self, count: int) -> list[bytes]:
        """The next messages, 200 facts each, a tenth of a second of the log apart."""
        found = []
        for _ in range(count):
            self._recorded += 100_000
            facts = [self._next(place) for place in range(BATCH)]
            self._offset += 1
            found.append(encode_batch(Batch(self._recorded + 1, facts, ["dossier-events/0"])))
        return found

    def fold(self, messages: list[bytes]) -> float:
        """CPU (µs) an event: decode, fold, take what a commit would write."""
        partition, began = self.partition, time.process_time()
        for offset, message in enumerate(messages, partition.offset + 1):
            partition.apply(decode_batch(message), offset)
            if not offset % 5:
                for code in partition.take_changed():
                    partition.state(code)
                partition.take_told(flush=True)
                partition.take_watch()
        return (time.process_time() - began) * 1e6 / (len(messages) * BATCH)

    def _next(self, place: int) -> Fact:
        at = self._dice.randrange(len(self._open))
        code, had = self._open[at]
        unit = code.partition("-")[0]
        second = self._recorded // MICROS
        kind, said = _said(unit, had, second, self._dice)
        self._open[at] = (code, had + 1) if had + 1 < LIFE else (self._new(), 0)
        id_ = f"{self._dice.getrandbits(72):018x}"
        return Fact(code, kind, second, self._recorded, id_, said, (0, self._offset, place))

    def _new(self) -> str:
        self._number += 1
        return case_code(self._dice.choice(self._codes), self._number)


def _said(unit: str, had: int, second: int, dice: random.Random) -> tuple[str, dict[str, object]]:
    """Kind and assignments of the event that comes after so many."""
    amount = dice.randrange(1, 5)
    accepted: dict[str, object] = {
        "received_unit": unit,
        "unit": unit,
        "procedure": f"1.{dice.randrange(300):06d}",
        "channel": dice.randrange(1, 4),
        "accepted": second,
        "due_first": second + 20 * DAY,
        "due_current": second + 20 * DAY,
    }
    life: tuple[tuple[str, dict[str, object]], ...] = (
        ("accepted", accepted),
        ("step", {"step": [[second, "appraised@centre"]]}),
        ("payment_requested", {"payment_asked": [[second, amount]]}),
        ("payment_paid", {"paid": [[second, [amount, "counter"]]]}),
        ("digitised", {"digitised": second}),
        ("step", {"step": [[second, "approved,stamped"]]}),
        ("finished", {"finished": second}),
        ("returned", {"returned": second, "returned_how": 1}),
    )
    return life[had]


def rounds(points: list[Steady], turns: int, messages: int) -> Iterator[list[float]]:
    """Cost (µs an event) at every point, turn by turn."""
    for _ in range(turns):
        yield [point.fold(point.batches(messages)) for point in points]
