"""After the end: the electronic result, handing over, ratings, complaints."""

from __future__ import annotations

from typing import Final

from simulators.world.desk import Desk, Dossier
from simulators.world.dice import Curve, Dice, Wheel
from simulators.world.pleading import Pleading
from simulators.world.working_time import WORKING_DAY
from streams.core.civil import DAY, HOUR
from streams.core.events import (
    Channel,
    Complained,
    Finished,
    Rated,
    Reopened,
    ResultIssued,
    ResultReturned,
    Returned,
)

NEVER_FETCHED: Final = 0.03
RATED: Final = 0.16
COMPLAINED_IN_TIME: Final = 0.0005  # published for Phú Thọ: 570 petitions on 597,918 dossiers
COMPLAINED_LATE: Final = 0.006
_FETCHED: Final[Curve] = (0.01, 0.03, 0.06, 0.15, 0.30, 0.60, 0.90, 1.20, 1.80, 3.00, 6.00)  # working days
_SCORES: Final = (1, 2, 3, 4, 5)
_IN_TIME: Final = Wheel(_SCORES, (1, 2, 7, 33, 57))
_LATE: Final = Wheel(_SCORES, (20, 22, 27, 20, 11))


class Aftermath:
    """What follows the end of the dossiers of one unit."""

    def __init__(self, desk: Desk, dice: Dice, pleading: Pleading) -> None:
        self._desk, self._dice, self._pleading = desk, dice, pleading

    def finished(self, at: int, dossier: Dossier) -> None:
        """The result is there: it is issued electronically, handed over, and may be rated or complained about."""
        dice, desk = self._dice, self._desk
        if dossier.reopens and "reopened" not in dossier.moments:
            desk.then(desk.time.after(at, dice.between(0.2, 2) * WORKING_DAY), self._reopened, dossier)
            return
        electronic = dice.chance(desk.office.issues_online)
        if electronic:
            desk.tell(dossier, desk.time.after(at, dice.between(30, 900)), ResultIssued)
        is_late = desk.stated(at) > dossier.late_after
        if dice.chance((COMPLAINED_LATE if is_late else COMPLAINED_IN_TIME) * desk.office.complaints):
            said = at + dice.whole(HOUR, 3 * DAY)
            if self._pleading.takes():
                desk.then(said, self._pleading.about, dossier)
            else:
                desk.tell(dossier, said, Complained)
        if not dice.chance(NEVER_FETCHED):
            self._handed_over(at, dossier, electronic=electronic, is_late=is_late)

    def _reopened(self, at: int, dossier: Dossier) -> None:
        """The citizen has found a mistake before the result was handed over: it is done again."""
        desk = self._desk
        desk.tell(dossier, at, Reopened)
        done = desk.time.after(at + 1, self._dice.between(0.1, 0.6) * dossier.term.work)
        desk.tell(dossier, done, Finished)
        desk.then(done, self.finished, dossier)

    def _handed_over(self, at: int, dossier: Dossier, *, electronic: bool, is_late: bool) -> None:
        dice, desk = self._dice, self._desk
        if dossier.channel is Channel.ONLINE and electronic and dice.chance(0.7):
            by, over = Returned.ONLINE, desk.time.after(at, dice.between(900, 1200))
        elif dossier.channel is not Channel.DIRECT and dice.chance(0.4):
            by, over = Returned.POST, desk.time.after(at, dice.between(0.3, 1.2) * WORKING_DAY)
        else:
            by, over = Returned.COUNTER, desk.time.after(at, dice.on(_FETCHED) * WORKING_DAY)
        desk.tell(dossier, over, ResultReturned, by=by)
        if dice.chance(RATED):
            said = over + (dice.whole(20, 300) if by is Returned.COUNTER else dice.whole(600, 2 * DAY))
            score = dice.pick(_LATE if is_late else _IN_TIME)
            desk.tell(dossier, said, Rated, score=score)
