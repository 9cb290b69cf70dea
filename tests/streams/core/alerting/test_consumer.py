from __future__ import annotations

from typing import Any

from streams.core.alerting.consumer import MEMORY, Alerts, decode_transition
from streams.core.alerting.records import ActiveAlert, State
from streams.core.closing import Hour, Written
from streams.core.index import Index
from streams.core.rules import Rules
from streams.core.standings import Standings
from streams.core.terms import Edition, Terms
from tests.streams.core.alerting import test_evaluator
from tests.streams.core.alerting.hours import CALENDAR, CIVIL, REGISTER, hours, instant

RULES = Rules(CIVIL, terms=Terms([Edition(0, CALENDAR)], [], REGISTER))
DAYS = 14


class Told(Index):
    """An index that says what a test tells."""

    def __init__(self, counts: Any) -> None:
        super().__init__(REGISTER, 1)
        self._told = counts

    def counts(self, period: str, unit: str) -> dict[str, int]:
        return dict(self._told(period, unit))


def closed(told: Any) -> list[Hour]:
    found = []
    for hour in hours(told, DAYS):
        index = Told(hour.counts)
        found.append(Hour(hour.at, index, Standings(index, CIVIL_DAY), RULES, set()))
    return found


CIVIL_DAY = Hour(instant(0, 1), Index(REGISTER, 1), None, RULES, set()).day  # type: ignore[arg-type]


def test_who_takes_over_reads_back_what_was_remembered_and_tells_the_same() -> None:
    world = closed(test_evaluator.overloaded)
    whole: dict[bytes, bytes | None] = {}
    alone = Alerts(REGISTER, {})
    for hour in world:
        whole |= dict(alone.close(hour))
    taken: dict[bytes, bytes | None] = {}
    holder = Alerts(REGISTER, {})
    for number, hour in enumerate(world):
        if number % 37 == 0:
            holder = Alerts(REGISTER, {})
            for key, value in taken.items():
                holder.learn(key, value)
            # The hour before may have been written without anybody knowing: it is closed again.
            taken |= dict(holder.close(world[max(number - 1, 0)]))
        taken |= dict(holder.close(hour))
    assert taken == whole
    states = [decode_transition(value).state for key, value in whole.items() if not key.startswith(MEMORY) and value]
    assert states == [State.PENDING, State.ACTIVE, State.OVER]


def test_what_is_active_is_shown_with_its_age_and_who_is_above() -> None:
    shown: list[list[ActiveAlert]] = []
    alerts = Alerts(REGISTER, {}, shown.append)
    for hour in closed(test_evaluator.overloaded):
        list(alerts.close(hour))
    last = next(one for one in reversed(shown) if one)
    assert [(one.unit, one.name, one.audience, one.above, one.age) for one in last] == [
        ("X1", "Xã 1", "commune", "P", 2)
    ]
    assert shown[-1] == []


def test_memories_are_written_only_in_working_hours() -> None:
    alerts = Alerts(REGISTER, {})
    written = [(hour, list(alerts.close(hour))) for hour in closed(test_evaluator.busy)]
    asleep = [records for hour, records in written if hour.instant == instant(5, 12)]
    assert asleep == [[]]
    awake: list[Written] = next(records for hour, records in written if hour.instant == instant(1, 12))
    assert {one.key for one in awake} == {MEMORY + unit.encode() for unit in ("P", "X0", "X1", "X2", "X3")}


def test_who_takes_over_shows_what_is_active_before_another_hour_is_over() -> None:
    world = [hour for hour in closed(test_evaluator.overloaded) if hour.instant <= instant(9, 12)]
    written: dict[bytes, bytes | None] = {}
    before: list[list[ActiveAlert]] = []
    alerts = Alerts(REGISTER, {}, before.append)
    for hour in world:
        written |= dict(alerts.close(hour))
    after: list[list[ActiveAlert]] = []
    successor = Alerts(REGISTER, {}, after.append, lambda: RULES)
    for key, value in written.items():
        successor.learn(key, value)
    assert after[-1] == before[-1] != []
