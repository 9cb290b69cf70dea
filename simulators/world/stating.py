"""What a unit states beside its dossiers: its procedures, and how many dossiers it declares to have received."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

import msgspec

from simulators.world.desk import Desk, moment
from simulators.world.dice import Dice
from simulators.world.procedures import Procedure as Kind
from simulators.world.working_time import day_of, midnight
from streams.core.civil import HOUR, date_of
from streams.core.declarations import DeclaredTotal
from streams.core.procedures import OnlineLevel, Procedure

ESSENTIAL: Final = "essential-simulated"
WORKING_DAYS_A_YEAR: Final = 250
DECLARES_ON: Final = 3
"""Day of the month on which the month before is declared."""
MORE: Final = 0.2  # so many declare more than their systems hold
CORRECTS: Final = 0.1
CHANGES: Final = 0.35  # a month
_CERTIFIED: Final = "SX.01"
_LEVELS: Final = (OnlineLevel.NONE, OnlineLevel.PARTIAL, OnlineLevel.FULL)


class Stating:
    """The references of one unit; it throws dice of its own.  `received` counts its dossiers by month, as 2026-11."""

    def __init__(self, desk: Desk, dice: Dice) -> None:
        self._desk, self._dice, self._office = desk, dice, desk.office
        self._held: dict[str, Procedure] = {}
        self.received: Counter[str] = Counter()

    def begin(self, at: int) -> None:
        """On the first day: all its procedures, and the total of last year."""
        today = day_of(at)
        for number, kind in enumerate(self._office.procedures):
            self._say(at + number, self._procedure(kind, at + number, today))
        received = round(self._office.arrivals * WORKING_DAYS_A_YEAR * self._dice.between(0.9, 1.05))
        self._declare(at + HOUR, str(date_of(today).year - 1), received)

    def day(self, day: int) -> None:
        """What is stated on a day: now and then a changed procedure, on the third of a month the total of the last."""
        today, at = date_of(day), midnight(day) + 9 * HOUR
        if today.day == DECLARES_ON:
            self._declared(at, f"{today.year - (today.month == 1)}-{(today.month - 2) % 12 + 1:02}")
            if self._dice.chance(CHANGES):
                self._changed(at + self._dice.whole(0, 20) * 24 * HOUR)

    def _procedure(self, kind: Kind, at: int, today: int) -> Procedure:
        dice = self._dice
        announced = today - dice.whole(5, 400)
        published = None if dice.chance(0.04) else date_of(min(announced + dice.whole(1, 18), today))
        level = max(kind.online - dice.chance(0.05), min(kind.online, 1))
        return Procedure(
            recorded=moment(self._desk.stated(at)),
            source=self._office.software.name,
            unit=self._office.code,
            procedure=kind.code,
            announced=date_of(announced),
            announce_by=date_of(announced + dice.whole(-2, 12)),
            published=published,
            publish_by=date_of(announced + 15),
            complete=published is not None and dice.chance(0.93),
            online=_LEVELS[level],
            integrated=level > 0 and dice.chance(0.75),
            fee=kind.fee > 0,
            payment=kind.fee > 0 and dice.chance(0.85),
            population_data=kind.citizens and dice.chance(0.55),
            certified_copies=kind.code == _CERTIFIED and dice.chance(0.7),
            citizens=kind.citizens,
            sets=[ESSENTIAL] if kind.essential else [],
            valid_from=date(2025, 7, 1),
        )

    def _changed(self, at: int) -> None:
        """A procedure is announced anew, and published some days later."""
        dice, today = self._dice, day_of(at)
        kind = self._office.procedures[dice.whole(0, len(self._office.procedures))]
        announced = msgspec.structs.replace(
            self._held[kind.code],
            recorded=moment(self._desk.stated(at)),
            announced=date_of(today),
            announce_by=date_of(today + dice.whole(-2, 8)),
            published=None,
            publish_by=date_of(today + 15),
            complete=False,
        )
        self._say(at, announced)
        later = at + dice.whole(2, 19) * 24 * HOUR
        published = msgspec.structs.replace(
            announced, recorded=moment(self._desk.stated(later)), published=date_of(day_of(later)), complete=True
        )
        self._say(later, published)

    def _declared(self, at: int, month: str) -> None:
        """The total of a month that is over; what merged into another unit declares nothing any more."""
        received, unit = self.received.pop(month, 0), self._office.code
        if not received or self._desk.unit_at(at) != unit:
            return
        if self._dice.chance(MORE):
            received += 1 + int(received * self._dice.between(0.0, 0.08))
        corrected = self._dice.chance(CORRECTS)
        self._declare(at, month, received + (self._dice.whole(1, 10) if corrected else 0))
        if corrected:
            self._declare(at + 7 * 24 * HOUR, month, received)

    def _declare(self, at: int, period: str, received: int) -> None:
        recorded, source = moment(self._desk.stated(at)), self._office.software.name
        total = DeclaredTotal(
            recorded=recorded, source=source, unit=self._office.code, period=period, received=received
        )
        self._desk.state(at, total)

    def _say(self, at: int, procedure: Procedure) -> None:
        self._held[procedure.procedure] = procedure
        self._desk.state(at, procedure)
