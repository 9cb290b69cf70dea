"""A scenario played by units of the register: its events in the order of time, the same for the same seed."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Final

import msgspec

from simulators.happenings import BULK as BULK_CLOSING
from simulators.happenings import CALENDAR, CLOCK, MERGER, PERFECT, Ground, Incident, changed, perfect
from simulators.played import Reject
from simulators.playing import Play
from simulators.saying import facts_made, facts_of, read
from simulators.scenarios import Scenario
from simulators.sent import Item
from simulators.world.desk import Stated, Told
from simulators.world.dice import Dice
from simulators.world.reception import SOURCE
from simulators.world.units import Office, office_of, units_of
from simulators.world.working_time import CALENDAR_NAME, Calendar, Times, WorkingTime, midnight, shipped_calendar
from streams.core.civil import DAY, MICROS, Civil, day_number
from streams.core.events import Event
from streams.core.facts import Fact
from streams.core.register import Level, Register, Unit
from streams.settings import Settings
from streams.sources.native import Reader
from streams.sources.rejections import Refused, Rejection

WORLD: Final = 4
"""Raised when the same seed gives other events than before, so that no replay goes on in another world."""


class Simulation:
    """One scenario with its seed, units, days and dirt (rates by kind); items are native, or `national` messages.

    Nothing is kept between two readings: each begins the world anew, on its first day.
    """

    source = SOURCE

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        units: tuple[Unit, ...],
        start: date,
        days: int,
        *,
        dirt: Mapping[str, float] | None = None,
        national: bool = False,
    ) -> None:
        self.scenario, self.seed, self.units, self.national = scenario, seed, units, national
        self.start, self.days, self.dirt = start, days, dict(dirt or {})
        self.begins = midnight(start)
        self.ends = self.begins + days * DAY
        self._shipped = shipped_calendar(CALENDAR_NAME)

    @property
    def name(self) -> str:
        """What people call it."""
        last = self.start + timedelta(days=self.days - 1)
        dirt = f", dirt {' '.join(f'{name}={rate:g}' for name, rate in self.dirt.items())}" if self.dirt else ""
        return f"{self.scenario.name}, seed {self.seed}, {len(self.units)} units, {self.start} to {last}{dirt}"

    @cached_property
    def offices(self) -> tuple[Office, ...]:
        """The units with their habits, as the incidents leave them."""
        return tuple(self._as_it_happens(office) for office in self._habits)

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """What the scenario lets happen beside the ordinary."""
        time = WorkingTime(self._shipped)
        ground = Ground(self._communes(), self._habits, self.begins, self.ends, time)
        return tuple(one for happening in self.scenario.happens for one in happening.incidents(ground))

    @cached_property
    def times(self) -> Times:
        """Working time, and when it became known."""
        change = next((one for one in self.incidents if one.kind == CALENDAR), None)
        if change is None:
            return Times(WorkingTime(self._shipped))
        return Times(WorkingTime(self.calendar), WorkingTime(self._shipped), change.begins)

    @property
    def calendar(self) -> Calendar:
        """The calendar as the scenario leaves it."""
        change = next((one for one in self.incidents if one.kind == CALENDAR), None)
        return self._shipped if change is None else changed(self._shipped, int(change.amount))

    def events(self, since: int | None = None, until: int | None = None) -> Iterator[Event]:
        """Clean events in the order of the moments they state, from `since` on, before `until` (micros)."""
        first = self.begins - DAY if since is None else -(-since // MICROS)
        end = None if until is None else -(-until // MICROS)
        for told in self.told():
            if end is not None and told.at >= end:
                return
            if told.at >= first:
                yield told.event

    def told(self) -> Iterator[Told]:
        """Clean events with their dossiers, in the order of the moments they state."""
        return (one for one in self.stated() if isinstance(one, Told))

    def stated(self) -> Iterator[Told | Stated]:
        """The same, with what is stated beside the dossiers."""
        return heapq.merge(*(self._play(office).stated() for office in self.offices))

    def items(self, *, log_order: bool = False, truth: bool = False) -> Iterator[Item]:
        """What is sent, dirt and all, in the order of sending (else of recording); with `truth` records among it."""
        plays = (self._play(office) for office in self.offices)
        if self.national:
            return heapq.merge(*(play.national(self.dirt, truth=truth) for play in plays))
        return heapq.merge(*(play.items(self.dirt, log_order=log_order, truth=truth) for play in plays))

    def facts(self, reader: Reader, after: int = 0, reject: Reject = lambda _: None) -> Iterator[Fact]:
        """Facts in the order of recording, from position `after` on, which is their origin; rejections to `reject`."""
        position = 0
        for number, item in enumerate(self._recorded(), 1):
            try:
                said = read(item)
                made = facts_made(said)
                if item.reason or position + made > after:
                    for fact in facts_of(said, reader, (0, position, number)):
                        if fact.origin[1] >= after:
                            yield fact
                position += made
            except Refused as refused:
                reject(Rejection(refused.reason, refused.detail, offset=number))

    def _recorded(self) -> Iterator[Item]:
        """What is said, in the order of recording; without dirt no delay need be drawn."""
        if self.dirt:
            return self.items(log_order=True)
        return (Item(one.at, one.unit, one.number, one[3], "", "", "", one.at) for one in self.stated())

    def log(self, settings: Settings, reject: Reject) -> SimulatedLog:
        """Its facts, made while they are read."""
        return SimulatedLog(self, Reader(Civil(settings.zone), int(settings.max_ahead_s)), reject)

    def sending(self) -> str:
        """Identity of this world: all that its events depend on."""
        units = sorted(self.units, key=lambda unit: unit.code)
        told = (WORLD, self.scenario, self.seed, units, self.start, self.days, sorted(self.dirt.items()))
        return hashlib.blake2b(msgspec.json.encode(told), digest_size=8).hexdigest()

    def part(self, number: int, among: int) -> Simulation:
        """The same for one part of the units, so that another process can make it: what it gives is theirs alone."""
        part = Simulation(
            self.scenario, self.seed, self.units, self.start, self.days, dirt=self.dirt, national=self.national
        )
        part.offices = self.offices[number::among]
        return part

    def _play(self, office: Office) -> Play:
        return Play(self, office, partial(self._dice, office.code))

    def _dice(self, *names: str) -> Dice:
        return Dice(self.seed, self.scenario.dice, *names)

    @cached_property
    def _habits(self) -> tuple[Office, ...]:
        return tuple(office_of(unit, self._dice(unit.code, "habits")) for unit in self.units)

    def _communes(self) -> list[str]:
        """Codes of the communes in their order; of those that promise due dates, where there are such."""
        levels = {unit.code: unit.level for unit in self.units}
        there = sorted((one for one in self._habits if levels[one.code] is Level.COMMUNE), key=lambda one: one.code)
        return [one.code for one in there if one.software.appoints] or [one.code for one in there]

    def _as_it_happens(self, office: Office) -> Office:
        for one in self.incidents:
            if one.unit in ("", office.code):
                office = _with(office, one)
        return office


def _with(office: Office, incident: Incident) -> Office:
    """The habits of a unit, as an incident changes them."""
    match incident.kind:
        case kind if kind == CLOCK:
            return msgspec.structs.replace(office, clock=int(incident.amount))
        case kind if kind == BULK_CLOSING:
            return msgspec.structs.replace(office, closes_all=incident.begins)
        case kind if kind == MERGER:
            return msgspec.structs.replace(office, merges=(incident.begins, incident.other))
        case kind if kind == PERFECT:
            return perfect(office)
    return office


class SimulatedLog:
    """The facts of a simulation in the order of time; how many there are is known at the end."""

    def __init__(self, played: Simulation, reader: Reader, reject: Reject) -> None:
        self._played, self._reader, self._reject = played, reader, reject
        self.facts = 0

    @property
    def rows(self) -> int:
        """One item, one fact; without those that are rejected."""
        return self.facts

    def read(self, after: int = 0) -> Iterator[Fact]:
        """All facts from position `after` on."""
        self.facts = after
        return self._counted(after)

    def close(self) -> None:
        """Nothing is held."""

    def _counted(self, after: int) -> Iterator[Fact]:
        for fact in self._played.facts(self._reader, after, self._reject):
            self.facts = fact.origin[1] + 1
            yield fact


def simulation(
    scenario: Scenario,
    seed: int,
    register: Register,
    province: str,
    units: int | None = None,
    *,
    start: date,
    days: int | None = None,
    dirt: Mapping[str, float] | None = None,
    national: bool = False,
) -> Simulation:
    """A scenario in a province of the register (`all`: in each): all its units or so many, for days from `start` on."""
    chosen = units_of(register, province, units, day_number(start))
    length = scenario.days if days is None else days
    return Simulation(scenario, seed, chosen, start, length, dirt=dirt, national=national)
