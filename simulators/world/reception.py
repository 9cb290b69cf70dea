"""From arrival to acceptance: registration, what is done at reception, the promise of a due date, the fee."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Final

from simulators.world.desk import Desk, Dossier, Step, moment
from simulators.world.dice import Curve, Dice
from simulators.world.promises import promise
from simulators.world.working_time import day_of
from streams.core.civil import HOUR, date_of
from streams.core.events import (
    Accepted,
    Channel,
    DataReused,
    Digitised,
    Identified,
    Linked,
    NotAccepted,
    PaidBy,
    PaymentPaid,
    PaymentRequested,
    PopulationDataUsed,
    Registered,
    Synchronised,
    Withdrawn,
)

SOURCE: Final = "simulated"
WITHDRAWN: Final = 0.008
# Working seconds until an online dossier is looked at; eight working hours are allowed.
_LOOKED_AT: Final[Curve] = (240, 600, 1200, 1800, 2700, 4000, 6000, 9000, 13000, 19000, 28000)
_PAID_ONLINE: Final[Curve] = (120, 300, 500, 800, 1500, 3000, 7000, 18000, 40000, 70000, 150000)  # seconds
_WORK: Final[Curve] = (0.35, 0.50, 0.60, 0.70, 0.80, 0.90, 1.02, 1.18, 1.38, 1.70, 2.60)  # of the mean


class Reception:
    """Takes in the dossiers of one unit, counts them by month in `received`, and hands them on to `handling`."""

    def __init__(self, desk: Desk, dice: Dice, handling: Step, received: Counter[str]) -> None:
        self._desk, self._dice, self._handling, self._received = desk, dice, handling, received
        self._office, self._time = desk.office, desk.time
        self._wheels = {online: desk.office.wheel(online=online) for online in (True, False)}
        self._day, self._number = -1, 0
        self._prefix = ""

    def arrive(self, at: int, *, online: bool) -> None:
        """A dossier comes in; where and when it goes on is laid on the desk."""
        dice, office = self._dice, self._office
        procedure = dice.pick(self._wheels[online])
        channel = Channel.ONLINE if online else Channel.POSTAL if dice.chance(office.post) else Channel.DIRECT
        work = procedure.minutes * 60 * office.pace * dice.on(_WORK)
        term = procedure.term(channel, _date(day_of(at)))
        self._desk.then(at, self.registered, Dossier(procedure, channel, term, work))

    def registered(self, at: int, dossier: Dossier) -> None:
        """It is newly registered; who sends it online mostly identifies himself by it."""
        desk, dice, office = self._desk, self._dice, self._office
        dossier.unit = dossier.received_by = desk.unit_at(at)
        dossier.code = self._next_code(at, dossier.unit)
        desk.open[dossier.code] = dossier
        self._described(at, dossier, Registered)
        online = dossier.channel is Channel.ONLINE
        if online and dice.chance(office.identifies):
            desk.tell(dossier, at + dice.whole(1, 20), Identified)
        if online and dice.chance(office.links):
            desk.tell(dossier, at + dice.whole(20, 90), Linked)
        looked_at = self._time.after(at, self._until_looked_at(dossier.channel))
        refused = dice.chance(office.refuses * (1.0 if online else 0.3))
        desk.then(looked_at, self._refused if refused else self.accepted, dossier)

    def accepted(self, at: int, dossier: Dossier) -> None:
        """It is accepted, mostly with a due date, which is promised."""
        desk, dice = self._desk, self._dice
        dossier.accepted = stated = desk.stated(at)
        day = _date(day_of(stated))
        self._received[day[:7]] += 1
        dossier.term = dossier.procedure.term(dossier.channel, day)
        known = desk.times.known(at)
        dossier.computed = dossier.term.due(stated, known)
        if self._office.software.appoints:
            promise(dossier, known, dice, self._office.slips)
        dossier.late_after = dossier.computed if dossier.promised is None else dossier.promised
        self._described(at, dossier, Accepted)
        self._at_reception(at, dossier)
        if dossier.procedure.fee:
            self._fee(at, dossier)
        if dice.chance(WITHDRAWN):
            share = dice.between(0.1, 0.9)
            dossier.gone = gone = self._time.after(at, dossier.term.work * share + HOUR)
            desk.then(gone, self._withdrawn, dossier)
        self._handling(at, dossier)

    def _described(self, at: int, dossier: Dossier, kind: type[Registered] | type[Accepted]) -> None:
        due = {} if dossier.promised is None else {"due": moment(dossier.promised).isoformat()}
        self._desk.tell(
            dossier,
            at,
            kind,
            unit=dossier.unit,
            received_by=dossier.received_by,
            procedure=dossier.procedure.code,
            channel=dossier.channel,
            **due,
        )

    def _until_looked_at(self, channel: Channel) -> float:
        if channel is Channel.ONLINE:
            return self._dice.on(_LOOKED_AT)
        return self._dice.between(120, 720) if channel is Channel.DIRECT else self._dice.between(1800, 14400)

    def _refused(self, at: int, dossier: Dossier) -> None:
        self._desk.tell(dossier, at, NotAccepted)

    def _withdrawn(self, at: int, dossier: Dossier) -> None:
        if dossier.gone == at:  # it has not ended before
            self._desk.tell(dossier, at, Withdrawn)

    def _at_reception(self, at: int, dossier: Dossier) -> None:
        """What staff does while they take it in, and what the systems do by themselves soon after."""
        dice, office, tell, after = self._dice, self._office, self._desk.tell, self._time.after
        if dice.chance(office.uses_population_data):
            tell(dossier, after(at, dice.between(20, 180)), PopulationDataUsed)
        if dice.chance(office.digitises):
            tell(dossier, after(at, dice.between(180, 1800)), Digitised)
        if dice.chance(office.reuses):
            tell(dossier, after(at, dice.between(60, 600)), DataReused)
        if dice.chance(office.synchronises):
            tell(dossier, at + dice.whole(60, 1800), Synchronised)

    def _fee(self, at: int, dossier: Dossier) -> None:
        dice, fee, tell = self._dice, dossier.procedure.fee, self._desk.tell
        asked = self._time.after(at, dice.between(30, 300))
        if dice.chance(self._office.pays_online):
            tell(dossier, asked, PaymentRequested, amount_class=fee)
            paid = asked + int(dice.on(_PAID_ONLINE))
            by = PaidBy.NATIONAL if dice.chance(0.8) else PaidBy.LOCAL
        else:  # asked by word of mouth
            paid = self._time.after(asked, dice.between(60, 900))
            by = PaidBy.COUNTER if dice.chance(0.9) else PaidBy.TRANSFER
        tell(dossier, paid, PaymentPaid, amount_class=fee, by=by)

    def _next_code(self, at: int, unit: str) -> str:
        """The unit's own code, the day, and a number within it; another series where two offices are one unit."""
        day = day_of(at)
        if day != self._day:
            self._day, self._number = day, 0
            self._prefix = f"{unit}-{date_of(day):%y%m%d}-{'' if unit == self._office.code else 'M'}"
        self._number += 1
        return f"{self._prefix}{self._number:05}"


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    return date_of(day).isoformat()
