"""Alerts as a consumer of closed hours: what it remembers and tells stands in the topic `alerts`.

Beside the transitions each unit has a record ``@unit/code``: its `Memory`.  Whoever takes INDEX over reads these back
and goes on; a transition that it finds again has the same key and the same value.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from streams.core.alerting.catalogue import ABOVE
from streams.core.alerting.evaluator import Evaluator
from streams.core.alerting.evaluator import Hour as Seen
from streams.core.alerting.office import Office
from streams.core.alerting.records import ActiveAlert, Memory, Target, Transition
from streams.core.civil import MICROS
from streams.core.closing import Hour, Written
from streams.core.register import Register
from streams.core.rules import Rules
from streams.core.scoring import province_of

TOPIC: Final = "alerts"
MEMORY: Final = b"@unit/"
_encode: Final = msgspec.json.Encoder(order="deterministic").encode
decode_transition: Final = msgspec.json.Decoder(Transition).decode
_decode_memory: Final = msgspec.json.Decoder(Memory).decode


class Alerts:
    """Evaluates each closed hour.

    `shown` is called with all that is active after each hour that changes anything, and, where the `rules` in force are
    given, while what is active is learned at a take-over: the next hour may be long in coming.
    """

    topic: Final = TOPIC

    def __init__(
        self,
        register: Register,
        targets: Mapping[str, Target],
        shown: Callable[[list[ActiveAlert]], None] = lambda _: None,
        rules: Callable[[], Rules] | None = None,
    ) -> None:
        self._register, self._shown, self._rules = register, shown, rules
        self._evaluator = Evaluator(register, targets)

    def learn(self, key: bytes, value: bytes | None) -> None:
        """One record of the topic, when INDEX is taken over."""
        if value is None or not key.startswith(MEMORY):
            return
        unit, memory = key.removeprefix(MEMORY).decode(), _decode_memory(value)
        before = self._evaluator.memories.get(unit)
        self._evaluator.memories[unit] = memory
        if self._rules is not None and (memory.standings or (before is not None and before.standings)):
            rules = self._rules()
            office = Office(rules.civil, rules.terms.calendar(memory.hour))
            self._shown(list(self.active(memory.hour, office)))

    def close(self, hour: Hour) -> Iterator[Written]:
        """Unit by unit the transitions of a closed hour, and then what is remembered of the unit."""
        office = Office(hour.rules.civil, hour.rules.terms.calendar(hour.instant))

        def points(period: str, unit: str) -> int | None:
            return hour.score(period, unit).total

        changed = False
        for found in self._evaluator.steps(Seen(hour.instant, hour.index.counts, points, office)):
            for one in found:
                yield Written(one.key.encode(), _encode(one))
            for unit, memory in self._evaluator.take_changed():
                changed = True
                yield Written(MEMORY + unit.encode(), _encode(memory))
        if changed:
            self._shown(list(self.active(hour.instant, office)))

    def active(self, at: int, office: Office) -> Iterator[ActiveAlert]:
        """All that is active as of an instant (micros)."""
        for unit, condition, standing in self._evaluator.active():
            level = self._register.level(unit)
            day = office.day(at // MICROS)
            above = province_of(self._register, unit, day) if level in ABOVE else None
            yield ActiveAlert(
                condition.id,
                unit,
                self._register.name(unit),
                level.value,
                above or "",
                condition.severity.value,
                standing.active,
                office.days(standing.active, at),
                standing.now.count,
                standing.now.of,
            )
