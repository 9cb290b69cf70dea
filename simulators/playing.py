"""One unit played from the first day to the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol

import msgspec

from simulators.happenings import PETITIONS, SILENT, SURGE, Incident
from simulators.national import National
from simulators.sent import PETITION, Item, Sender, topic_of
from simulators.truth import petition_truth_of, truth_of
from simulators.world.arrivals import after_days_off, arrivals
from simulators.world.desk import Desk, Dossier, Plea, Stated, Told, days_between
from simulators.world.dice import Dice
from simulators.world.handling import Handling
from simulators.world.pleading import GENERAL, Pleading
from simulators.world.reception import Reception
from simulators.world.stating import Stating
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

    def __init__(self, world: World, office: Office, dice: Callable[..., Dice]) -> None:
        self._world, self._office = world, office
        self._dice, self._sending, self._national = dice(), dice("sending"), dice("national")
        desk = self._desk = Desk(office, world.times, world.begins, world.ends)
        self._pleading = Pleading(desk, dice("petitions"))
        self._stating = Stating(desk, dice("references"))
        self._handling = Handling(desk, self._dice, self._pleading)
        self._mine = [one for one in world.incidents if one.unit == office.code]

    def told(self) -> Iterator[Told | Stated]:
        """What happens, in the order of time."""
        office, time, desk = self._office, self._world.times.true, self._desk
        reception = Reception(desk, self._dice, self._handling.taken, self._stating.received)
        self._stating.begin(self._world.begins)
        for day, midnight_after in days_between(self._world.begins, self._world.ends):
            factor = self._factor(midnight(day), day, time)
            for at, online in arrivals(office, day, time, factor, self._dice):
                reception.arrive(at, online=online)
            self._pleading.arrive(day, self._petitions(midnight(day), factor))
            self._stating.day(day)
            for turn, act in self._turns():
                if midnight(day) <= turn < midnight_after:
                    yield from desk.clear(turn)
                    act(turn)
            yield from desk.clear(midnight_after)

    def stated(self) -> Iterator[Told | Stated]:
        """What happens, with the instants that its software states."""
        clock = self._office.clock
        return (one._replace(at=one.at + clock) for one in self.told()) if clock else self.told()

    def items(self, rates: Mapping[str, float], *, log_order: bool, truth: bool) -> Iterator[Item]:
        """What is sent, and with `truth` what was meant as soon as nothing more is said of a dossier."""
        sender = self._sender(rates, log_order=log_order)
        return sender.items(self._recorded(sender) if truth else self.told())

    def national(self, rates: Mapping[str, float], *, truth: bool) -> Iterator[Item]:
        """The same as national messages."""
        sender = self._sender(rates, log_order=False)
        told = self._recorded(sender) if truth else self.told()
        return National(self._office, self._national, dict(rates), sender, self._world.ends).items(told)

    def _sender(self, rates: Mapping[str, float], *, log_order: bool) -> Sender:
        sender = Sender(self._office, self._sending, rates, self._world.ends, log_order=log_order)
        for one in self._mine:
            if one.kind == SILENT:
                sender.silence(one.begins, one.ends)
        return sender

    def _recorded(self, sender: Sender) -> Iterator[Told | Stated]:
        now, encode = self._world.begins, msgspec.json.Encoder().encode

        def record(dossier: Dossier) -> None:
            if dossier.code:
                sender.record(now, encode(truth_of(dossier, self._office, self._world.times)))

        def settled(plea: Plea) -> None:
            sender.record(now, encode(petition_truth_of(plea, self._office, self._world.times)), PETITION)

        self._desk.closed, self._desk.settled = record, settled
        for one in self.told():
            now = one.at
            if isinstance(one, Stated) and one.about is None:
                sender.record(now, encode(one.said), topic_of(one))
            yield one
        now = self._world.ends
        for dossier in self._desk.open.values():
            record(dossier)
        for plea in self._desk.pleas.values():
            if plea.last is not None:
                settled(plea)

    def _factor(self, begins: int, day: int, time: WorkingTime) -> float:
        factor = _busy(day, time)
        for one in self._mine:
            if one.kind == SURGE and one.begins <= begins < one.ends:
                factor *= one.amount
        return factor

    def _petitions(self, begins: int, factor: float) -> float:
        """How many are expected on a day that begins then; while an incident lasts none of them is answered."""
        expected = self._office.arrivals * self._office.complaints * GENERAL * factor
        for one in self._mine:
            if one.kind == PETITIONS and one.begins <= begins < one.ends:
                self._pleading.ignore(one.begins, one.ends)
                expected += one.amount
        return expected

    def _turns(self) -> Iterator[tuple[int, Callable[[int], None]]]:
        if self._office.merges is not None:
            yield self._office.merges[0], lambda at: self._handling.merge(at, self._desk.unit_at(at))
        if self._office.closes_all is not None:
            yield self._office.closes_all, self._handling.close_all


@lru_cache(maxsize=64)
def _busy(day: int, time: WorkingTime) -> float:
    return after_days_off(day, time)
