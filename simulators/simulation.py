"""A scenario played by the units of a province: its events in the order of time, the same for the same seed."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Final

import msgspec

from simulators.played import Reject
from simulators.scenarios import Incident, Scenario
from simulators.world.arrivals import after_days_off, arrivals
from simulators.world.desk import Desk, Told, days_between
from simulators.world.dice import Dice
from simulators.world.handling import Handling
from simulators.world.reception import SOURCE, Reception
from simulators.world.units import Office, office_of, units_of
from simulators.world.working_time import WorkingTime, midnight, shipped_calendar
from streams.core.civil import DAY, MICROS, Civil, day_number
from streams.core.events import Event
from streams.core.facts import Fact
from streams.core.register import Level, Register, Unit
from streams.settings import Settings
from streams.sources.native import LATEST, Reader

WORLD: Final = 2
"""Raised when the same seed gives other events than before, so that no replay goes on in another world."""
FAR: Final = LATEST * MICROS


class Simulation:
    """One scenario with its seed, units (of one province) and days.

    Nothing is kept between two readings of `events`: each begins the world anew, on its first day.
    """

    source = SOURCE

    def __init__(self, scenario: Scenario, seed: int, units: tuple[Unit, ...], start: date, days: int) -> None:
        self.scenario, self.seed, self.units = scenario, seed, units
        self.start, self.days = start, days
        self.begins = midnight(start)
        self.ends = self.begins + days * DAY
        self._time = WorkingTime(shipped_calendar("vietnam"))
        self._busy = lru_cache(maxsize=64)(lambda day: after_days_off(day, self._time))

    @property
    def name(self) -> str:
        """What people call it."""
        last = self.start + timedelta(days=self.days - 1)
        return f"{self.scenario.name}, seed {self.seed}, {len(self.units)} units, {self.start} to {last}"

    @cached_property
    def offices(self) -> tuple[Office, ...]:
        """The units with their habits."""
        return tuple(office_of(unit, self._dice(unit.code, "habits")) for unit in self.units)

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """What the scenario lets happen beside the ordinary."""
        surge, communes = self.scenario.surge, self._communes()
        if surge is None or not communes:
            return ()
        begins = self.begins + surge.first * DAY
        ends = self.ends if surge.until is None else min(self.begins + surge.until * DAY, self.ends)
        return (Incident("surge", communes[len(communes) // 2], begins, ends),) if begins < ends else ()

    def _communes(self) -> list[str]:
        """Codes of the communes in their order; of those that promise due dates, where there are such."""
        levels = {unit.code: unit.level for unit in self.units}
        there = sorted((one for one in self.offices if levels[one.code] is Level.COMMUNE), key=lambda one: one.code)
        return [one.code for one in there if one.software.appoints] or [one.code for one in there]

    def events(self, since: int | None = None, until: int | None = None) -> Iterator[Event]:
        """Events in the order of time, from `since` on, before `until` (micros)."""
        end = self.ends if until is None else min(self.ends, -(-until // MICROS))
        first = self.begins if since is None else -(-since // MICROS)
        for told in self._merged():
            if told.at >= end:
                return
            if told.at >= first:
                yield told.event

    def _merged(self) -> Iterator[Told]:
        return heapq.merge(*(self._told(office) for office in self.offices))

    def facts(self, reader: Reader, after: int = 0) -> Iterator[Fact]:
        """The fact of each event in the order of time, from position `after` on; its position is its origin."""
        for position, event in enumerate(self.events()):
            if position >= after:
                yield reader.translate(event, FAR, (0, position, 0))

    def log(self, settings: Settings, reject: Reject) -> SimulatedLog:  # noqa: ARG002 - nothing of it is refused
        """Its facts, made while they are read."""
        return SimulatedLog(self, Reader(Civil(settings.zone), int(settings.max_ahead_s)))

    def sending(self) -> str:
        """Identity of this world: all that its events depend on."""
        told = (WORLD, self.scenario, self.seed, sorted(self.units, key=lambda unit: unit.code), self.start, self.days)
        return hashlib.blake2b(msgspec.json.encode(told), digest_size=8).hexdigest()

    def _dice(self, *names: str) -> Dice:
        return Dice(self.seed, self.scenario.dice, *names)

    def _told(self, office: Office) -> Iterator[Told]:
        """What happens at one unit; it throws dice of its own, whatever the others do."""
        dice = self._dice(office.code)
        desk = Desk(office, self._time, self.begins, self.ends)
        reception = Reception(desk, dice, Handling(desk, dice).taken)
        surge = self.scenario.surge if office.code in {one.unit for one in self.incidents} else None
        for day, midnight_after in days_between(self.begins, self.ends):
            factor = self._busy(day) * (surge.on(day - day_number(self.start)) if surge else 1.0)
            for at, online in arrivals(office, day, self._time, factor, dice):
                reception.arrive(at, online=online)
            yield from desk.clear(midnight_after)


class SimulatedLog:
    """The facts of a simulation in the order of time; how many there are is known at the end."""

    def __init__(self, played: Simulation, reader: Reader) -> None:
        self._played, self._reader = played, reader
        self.facts = 0

    @property
    def rows(self) -> int:
        """One item, one fact."""
        return self.facts

    def read(self, after: int = 0) -> Iterator[Fact]:
        """All facts from position `after` on."""
        self.facts = after
        return self._counted(after)

    def close(self) -> None:
        """Nothing is held."""

    def _counted(self, after: int) -> Iterator[Fact]:
        for fact in self._played.facts(self._reader, after):
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
) -> Simulation:
    """A scenario in a province of the register: all its units or so many, for days from `start` on."""
    chosen = units_of(register, province, units, day_number(start))
    return Simulation(scenario, seed, chosen, start, scenario.days if days is None else days)
