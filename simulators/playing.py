"""One unit played from the first day to the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol

import msgspec

from simulators.happenings import SILENT, SURGE, Incident
from simulators.sent import Item, Sender
from simulators.truth import truth_of
from simulators.world.arrivals import after_days_off, arrivals
from simulators.world.desk import Desk, Dossier, Told, days_between
from simulators.world.dice import Dice
from simulators.world.handling import Handling
from simulators.world.reception import Reception
from simulators.world.units import Office
from simulators.world.working_time import Times, WorkingTime, midnight


class World(Protocol):
    """What a unit needs of the simulation: its first instant and the one after its last, time, and incidents."""

    begins: int
    ends: int

    @property
    def times(self) -> Times:
        """Working time, and when it became known."""

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """What happens beside the ordinary."""


class Play:
    """The life of one unit; it throws dice of its own, whatever the others do."""

    def __init__(self, world: World, office: Office, dice: Dice, sending: Dice) -> None:
        self._world, self._office, self._dice, self._sending = world, office, dice, sending
        self._desk = Desk(office, world.times, world.begins, world.ends)
        self._handling = Handling(self._desk, dice)
        self._mine = [one for one in world.incidents if one.unit == office.code]

    def told(self) -> Iterator[Told]:
        """What happens, in the order of time."""
        office, time, desk = self._office, self._world.times.true, self._desk
        reception = Reception(desk, self._dice, self._handling.taken)
        for day, midnight_after in days_between(self._world.begins, self._world.ends):
            factor = self._factor(midnight(day), day, time)
            for at, online in arrivals(office, day, time, factor, self._dice):
                reception.arrive(at, online=online)
            for turn, act in self._turns():
                if midnight(day) <= turn < midnight_after:
                    yield from desk.clear(turn)
                    act(turn)
            yield from desk.clear(midnight_after)

    def stated(self) -> Iterator[Told]:
        """What happens, with the instants that its software states."""
        clock = self._office.clock
        return (one._replace(at=one.at + clock) for one in self.told()) if clock else self.told()

    def items(self, rates: Mapping[str, float], *, log_order: bool, truth: bool) -> Iterator[Item]:
        """What is sent, and with `truth` what was meant as soon as nothing more is said of a dossier."""
        sender = Sender(self._office, self._sending, rates, self._world.ends, log_order=log_order)
        for one in self._mine:
            if one.kind == SILENT:
                sender.silence(one.begins, one.ends)
        return sender.items(self._recorded(sender) if truth else self.told())

    def _recorded(self, sender: Sender) -> Iterator[Told]:
        now, encode = self._world.begins, msgspec.json.Encoder().encode

        def record(dossier: Dossier) -> None:
            if dossier.code:
                sender.record(now, encode(truth_of(dossier, self._office, self._world.times)))

        self._desk.closed = record
        for one in self.told():
            now = one.at
            yield one
        now = self._world.ends
        for dossier in self._desk.open.values():
            record(dossier)

    def _factor(self, begins: int, day: int, time: WorkingTime) -> float:
        factor = _busy(day, time)
        for one in self._mine:
            if one.kind == SURGE and one.begins <= begins < one.ends:
                factor *= one.amount
        return factor

    def _turns(self) -> Iterator[tuple[int, Callable[[int], None]]]:
        if self._office.merges is not None:
            yield self._office.merges[0], lambda at: self._handling.merge(at, self._desk.unit_at(at))
        if self._office.closes_all is not None:
            yield self._office.closes_all, self._handling.close_all


@lru_cache(maxsize=64)
def _busy(day: int, time: WorkingTime) -> float:
    return after_days_off(day, time)
