"""From acceptance to the end: the queue before the staff, supplements, what lies elsewhere, and the result."""

from __future__ import annotations

from typing import Final

from simulators.world.aftermath import Aftermath
from simulators.world.desk import Desk, Dossier, moment
from simulators.world.dice import Curve, Dice
from simulators.world.reception import SOURCE
from simulators.world.working_time import WORKING_DAY
from streams.core.civil import DAY, HOUR
from streams.core.events import (
    Channel,
    Done,
    Extended,
    Finished,
    Stopped,
    SupplementReceived,
    SupplementRequested,
)
from streams.core.events import Step as StepDone

ASKED_AFTER: Final = 0.3  # of the work: then it is seen what is missing
NEVER_COMES_BACK: Final = 0.06
STOPPED_AFTER_DAYS: Final = 15
ASKED_AGAIN: Final = 0.07
STOPPED: Final = 0.004
# How much of the limit a dossier lies elsewhere: signatures, other agencies. The tail is what makes ordinary lateness.
_ELSEWHERE: Final[Curve] = (0.02, 0.05, 0.10, 0.15, 0.20, 0.26, 0.33, 0.41, 0.52, 0.72, 1.60)
_CITIZEN_AWAY: Final[Curve] = (0.1, 0.4, 0.8, 1.1, 1.6, 2.2, 3.0, 4.0, 5.5, 7.5, 12.0)  # days


class Handling:
    """What staff does with the accepted dossiers of one unit."""

    def __init__(self, desk: Desk, dice: Dice) -> None:
        self._desk, self._dice = desk, dice
        self._office, self._time = desk.office, desk.time
        self._after = Aftermath(desk, dice)

    def taken(self, at: int, dossier: Dossier) -> None:
        """It is handed to the staff."""
        asks = self._dice.chance(self._office.asks)
        self._queue(at, dossier, asks=asks)

    def _queue(self, at: int, dossier: Dossier, *, asks: bool) -> None:
        work = dossier.work * (ASKED_AFTER if asks else 1.0)
        dossier.work -= work
        served = self._desk.serve(at, work)
        if _is_gone(dossier, served.begins):
            return
        if dossier.procedure.days:  # what is done within hours is done in one go
            step = StepDone(dossier=dossier.code, at=moment(served.begins), source=SOURCE, unit=self._office.code)
            self._desk.tell(step, served.begins)
        self._desk.then(served.ends, self._asked if asks else self._worked, dossier)

    def _asked(self, at: int, dossier: Dossier) -> None:
        """A supplement is asked for; the dossier waits for the citizen, who mostly comes back."""
        if _is_gone(dossier, at):
            return
        desk, dice = self._desk, self._dice
        dossier.asked, dossier.rounds = at, dossier.rounds + 1
        desk.tell(SupplementRequested(dossier=dossier.code, at=moment(at), source=SOURCE), at)
        if dice.chance(NEVER_COMES_BACK):
            stopped = self._time.after(at, STOPPED_AFTER_DAYS * WORKING_DAY)
            if not _is_gone(dossier, stopped):
                self._stopped(stopped, dossier)
            return
        back = at + HOUR + int(dice.on(_CITIZEN_AWAY) * DAY)
        if dossier.channel is not Channel.ONLINE:
            back = self._time.after(back, dice.between(60, 3600))
        desk.then(back, self._completed, dossier)

    def _completed(self, at: int, dossier: Dossier) -> None:
        """The supplement is there; some systems state a new appointment with it, else the waiting is forgiven."""
        if _is_gone(dossier, at):
            return
        due = None
        if dossier.procedure.days and self._dice.chance(self._office.reappoints):
            dossier.due = dossier.late_after = self._time.close_after(at, dossier.procedure.days)
            due = moment(dossier.due).isoformat()
        elif dossier.asked <= dossier.late_after:
            dossier.late_after += at - dossier.asked
        if dossier.rounds > 1:
            dossier.late_after = dossier.asked
        self._desk.tell(SupplementReceived(dossier=dossier.code, at=moment(at), source=SOURCE, due=due), at)
        # Whoever looks it through again is in the office.
        again = self._dice.chance(ASKED_AGAIN) and dossier.rounds == 1
        self._queue(at, dossier, asks=again)

    def _worked(self, at: int, dossier: Dossier) -> None:
        """The staff has done their part; it lies elsewhere for a while, then there is a result."""
        dice, office, code = self._dice, self._office, dossier.code
        elsewhere = dossier.procedure.limit * office.slowness * dice.on(_ELSEWHERE)
        done = self._time.after(at, elsewhere)
        if dice.chance(office.at_centre):
            if dossier.procedure.days:
                self._step_at_centre(at, dossier, Done.APPRAISED)
            self._step_at_centre(self._time.after(at, elsewhere * 0.9), dossier, Done.APPROVED, Done.STAMPED)
        if done > dossier.late_after:
            self._apologise(at, done, dossier)
        if _is_gone(dossier, done):
            return
        if dice.chance(STOPPED):
            self._stopped(done, dossier)
            return
        dossier.gone = None
        self._desk.tell(Finished(dossier=code, at=moment(done), source=SOURCE), done)
        self._desk.then(done, self._after.finished, dossier)

    def _stopped(self, at: int, dossier: Dossier) -> None:
        dossier.gone = None
        self._desk.tell(Stopped(dossier=dossier.code, at=moment(at), source=SOURCE), at)

    def _step_at_centre(self, at: int, dossier: Dossier, *done: Done) -> None:
        if not _is_gone(dossier, at):
            step = StepDone(dossier=dossier.code, at=moment(at), source=SOURCE, at_centre=True, done=list(done))
            self._desk.tell(step, at)

    def _apologise(self, now: int, done: int, dossier: Dossier) -> None:
        """Shortly before it becomes late, or as soon as it is seen; the new date is believed in, not kept for sure."""
        if not self._dice.chance(self._office.apologises):
            return
        said = self._time.after(max(now, dossier.late_after - self._dice.whole(600, 3 * HOUR)), 0)
        due = self._time.close_after(said, self._dice.whole(1, 6))
        if said < done and not _is_gone(dossier, said):
            apology = Extended(dossier=dossier.code, at=moment(said), source=SOURCE, due=moment(due).isoformat())
            self._desk.tell(apology, said)


def _is_gone(dossier: Dossier, at: int) -> bool:
    return dossier.gone is not None and dossier.gone <= at
