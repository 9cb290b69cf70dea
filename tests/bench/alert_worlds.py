"""A simulated province with injected incidents, closed hour by hour in this process: what alerts are measured on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Final, NamedTuple

from simulators.happenings import SILENT, SURGE, Incident, Planned
from simulators.saying import facts_of, read
from simulators.scenarios import Scenario
from simulators.simulation import Simulation
from simulators.world.units import units_of
from streams.core.alerting.evaluator import Evaluator, Hour
from streams.core.alerting.office import Office
from streams.core.alerting.records import Transition
from streams.core.cells import CellUpdate
from streams.core.civil import DAY, HOUR, MICROS, day_number
from streams.core.counters import COUNTERS
from streams.core.facts import Batch, Fact
from streams.core.index import Index
from streams.core.partition import Partition
from streams.core.register import Register
from streams.core.rules import Rules
from streams.core.tallies import CellValue, Kind, TallyKey, encode
from streams.sources.native import Reader

PROVINCE: Final = "25"
_NAMES: Final = tuple(counter.name for counter in COUNTERS)
_WARM_UP: Final = 21  # days before the first incident
Observer = Callable[[int, "World"], None]  # micros of a closed hour


class Size(NamedTuple):
    """So many units, from a day on, for so many days."""

    units: int
    start: date
    days: int


@dataclass
class World:
    """One run of it: the figures as of the hour just closed, and what came of them.

    `listed` is when (seconds) each dossier came onto the watch list, `late` those that turned late: received, due,
    and listed.
    """

    simulation: Simulation
    rules: Rules
    register: Register
    index: Index
    office: Office
    evaluator: Evaluator
    transitions: list[Transition] = field(default_factory=list)
    listed: dict[str, int] = field(default_factory=dict)
    late: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    hours: list[int] = field(default_factory=list)


def incidents(register: Register, size: Size, seed: int) -> tuple[Incident, ...]:
    """Surges at single units and outages of a day at several, scattered over the days after the first weeks."""
    units, start, days = size
    dice = random.Random(seed)
    chosen = [one.code for one in units_of(register, PROVINCE, units, day_number(start))]
    first = start.toordinal()
    begins = _midnight(start)
    found: list[Incident] = []
    free = list(chosen)
    dice.shuffle(free)
    for place, unit in enumerate(free[: max(units // 5, 2)]):
        day = _WARM_UP + (days - _WARM_UP - 14) * place // max(units // 5, 2)
        found.append(Incident(SURGE, unit, begins + day * DAY, begins + (day + 8) * DAY, dice.choice((3.0, 4.0, 5.0))))
    for _ in range(max(days // 30, 1)):
        day = _working_day(first, dice.randrange(_WARM_UP, days - 3))
        silent = dice.sample(chosen, max(units // 4, 3))
        found += [Incident(SILENT, unit, begins + day * DAY + 9 * HOUR, begins + (day + 1) * DAY) for unit in silent]
    return tuple(found)


def world(rules: Rules, register: Register, told: tuple[Incident, ...], size: Size, seed: int) -> World:
    """A province with so many units, from a day on, for so many days; `told` happens there."""
    units, start, days = size
    scenario = Scenario(name="incidents", says="", days=days, happens=(Planned(told=told),))
    chosen = units_of(register, PROVINCE, units, day_number(start))
    simulation = Simulation(scenario, seed, chosen, start, days)
    office = Office(rules.civil, rules.terms.calendar(simulation.begins * MICROS))
    return World(simulation, rules, register, Index(register, 1), office, Evaluator(register, {}))


def play(one: World, observe: Observer = lambda _, __: None) -> World:
    """Close every hour of it."""
    partition = Partition(one.rules)
    for hour, facts in _by_hour(one):
        at = hour * MICROS
        if facts:
            partition.apply(Batch(at - 1, facts, ["simulated/0"]), -1)
        partition.advance(at)
        _index(one.index, partition)
        _watched(one, partition, hour)
        one.hours.append(hour)
        one.transitions += one.evaluator.close(Hour(at, one.index.counts, _no_points, one.office))
        one.evaluator.take_changed()
        observe(at, one)
    return one


def _by_hour(one: World) -> Iterator[tuple[int, list[Fact]]]:
    """Each full hour (seconds) with the facts that were sent in the hour before it."""
    reader = Reader(one.rules.civil, 1 << 40)
    hour = one.simulation.begins + HOUR
    facts: list[Fact] = []
    for position, item in enumerate(one.simulation.items()):
        while item.when >= hour:
            yield hour, facts
            hour, facts = hour + HOUR, []
        facts += facts_of(read(item), reader, (0, position, 0))
    yield hour, facts


def _index(index: Index, partition: Partition) -> None:
    last = {(told.unit, told.day): told for told in partition.take_told(flush=True) if isinstance(told, CellUpdate)}
    for (unit, day), told in last.items():
        counts = dict(compress(zip(_NAMES, told.counts, strict=True), told.counts))
        index.take(TallyKey(Kind.CELL, 0, -1, unit, day), encode(CellValue(0, counts)))


def _watched(one: World, partition: Partition, hour: int) -> None:
    for case, entry in partition.take_watch().items():
        if entry is None:
            one.listed.pop(case, None)
            continue
        one.listed.setdefault(case, entry.warned if hour - HOUR < entry.warned <= hour else hour)
        if entry.late:
            one.late.setdefault(case, (entry.received, entry.due, one.listed[case]))


def _no_points(_period: str, _unit: str) -> None:
    return None


def _midnight(day: date) -> int:
    return day_number(day) * DAY - 7 * HOUR


def _working_day(first: int, day: int) -> int:
    """The day itself, or the Monday after it."""
    weekday = date.fromordinal(first + day).weekday()
    return day + max(7 - weekday, 0) if weekday > 4 else day
