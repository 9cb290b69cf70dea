"""Petitions: what people complain or ask about beside their dossiers, and how the unit answers."""

from __future__ import annotations

from typing import Final

import msgspec

from simulators.world.desk import Desk, Dossier, Plea, moment
from simulators.world.dice import Curve, Dice, Wheel
from simulators.world.working_time import WORKING_DAY, day_of, midnight
from streams.core.civil import DAY, HOUR, date_of
from streams.core.petitions import Petition, Topic

BY_PETITION: Final = 0.7
"""Of the complaints about a dossier; the others are noted in the dossier itself."""
GENERAL: Final = 0.0004  # petitions about no dossier, for each that arrives
DISLIKED: Final = 0.12
REPEATED: Final = 0.06
NEVER: Final = 0.03  # so many are not answered at all
# Working days until the answer; 15 are allowed.
_ANSWERED: Final[Curve] = (0.3, 1.0, 2.0, 3.5, 5.0, 7.0, 9.0, 11.0, 13.0, 14.6, 24.0)
_TOPICS: Final = Wheel(
    (Topic.PROCEDURE, Topic.BEHAVIOUR, Topic.EXTRA_TRIPS, Topic.OTHER),
    (0.42, 0.20, 0.26, 0.12),
)


class Pleading:
    """The petitions of one unit; it throws dice of its own, so that dossiers go the same ways without them."""

    def __init__(self, desk: Desk, dice: Dice) -> None:
        self._desk, self._dice = desk, dice
        self._day, self._number = -1, 0
        self._unanswered: tuple[int, int] | None = None

    def ignore(self, begins: int, ends: int) -> None:
        """Let nothing that comes in from an instant until another be answered before the latter."""
        self._unanswered = (begins, ends)

    def takes(self) -> bool:
        """Does this complaint come as a petition?"""
        return self._dice.chance(BY_PETITION)

    def arrive(self, day: int, expected: float) -> None:
        """Petitions about no dossier come in on a day, `expected` of them on the mean, at any hour of the waking."""
        dice, first = self._dice, midnight(day)
        passed = dice.gap()
        while passed < expected:
            self._comes(first + dice.whole(6 * HOUR, 22 * HOUR), "")
            passed += dice.gap()

    def about(self, at: int, dossier: Dossier) -> None:
        """One about a dossier, which is complained about from then on."""
        dossier.moments["complained"] = self._desk.stated(at)
        self._comes(at, dossier.code)

    def _comes(self, at: int, about: str) -> None:
        desk, dice = self._desk, self._dice
        unit = desk.unit_at(at)
        plea = Plea(self._next_code(at, unit))
        desk.pleas[plea.code] = plea
        received = moment(desk.stated(at))
        said = Petition(
            recorded=received,
            source=desk.office.software.name,
            petition=plea.code,
            unit=unit,
            received=received,
            topic=dice.pick(_TOPICS),
            about=about or None,
        )
        desk.state(at, said, plea)
        if dice.chance(NEVER):
            plea.beyond = True
        else:
            self._answered(at, said, plea)

    def _answered(self, at: int, said: Petition, plea: Plea) -> None:
        """Answered, mostly in time; some dislike the answer, and some of these come again."""
        desk, dice = self._desk, self._dice
        waits = dice.on(_ANSWERED) * desk.office.slowness * WORKING_DAY
        answered = desk.time.after(at, waits)
        if self._unanswered is not None and self._unanswered[0] <= at < self._unanswered[1]:
            answered = desk.time.after(max(self._unanswered[1], answered), 0)
        told = _later(said, desk.stated(answered), "answered")
        desk.state(answered, told, plea)
        disliked, repeated = dice.chance(DISLIKED), dice.chance(REPEATED)
        if disliked:
            heard = answered + dice.whole(HOUR, 4 * DAY)
            told = _later(told, desk.stated(heard), "disliked")
            desk.state(heard, told, plea)
            answered = heard
        if repeated:
            again = answered + dice.whole(DAY, 9 * DAY)
            desk.state(again, _later(told, desk.stated(again), "repeated"), plea)

    def _next_code(self, at: int, unit: str) -> str:
        day = day_of(at)
        if day != self._day:
            self._day, self._number = day, 0
        self._number += 1
        series = "P" if unit == self._desk.office.code else "PM"
        return f"{unit}-{date_of(day):%y%m%d}-{series}{self._number:03}"


def _later(said: Petition, at: int, what: str) -> Petition:
    """The petition with one more moment, stated when it was."""
    return msgspec.structs.replace(said, **{what: moment(at)}, recorded=moment(at))
