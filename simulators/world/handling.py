"""From acceptance to the end: the queue before the staff, supplements, what lies elsewhere, and the result."""

from __future__ import annotations

from typing import Final

from simulators.world.aftermath import Aftermath
from simulators.world.desk import Desk, Dossier, Round, moment
from simulators.world.dice import Curve, Dice
from simulators.world.pleading import Pleading
from simulators.world.working_time import WORKING_DAY, WorkingTime
from streams.core.civil import DAY, HOUR
from streams.core.events import (
    Channel,
    Corrected,
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

    def __init__(self, desk: Desk, dice: Dice, pleading: Pleading) -> None:
        self._desk, self._dice = desk, dice
        self._office, self._time = desk.office, desk.time
        self._after = Aftermath(desk, dice, pleading)

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
        if not dossier.term.is_short:  # what is done within hours is done in one go
            self._desk.tell(dossier, served.begins, StepDone, unit=self._desk.unit_at(served.begins))
        self._desk.then(served.ends, self._asked if asks else self._worked, dossier)

    def _asked(self, at: int, dossier: Dossier) -> None:
        """A supplement is asked for; the dossier waits for the citizen, who mostly comes back."""
        if _is_gone(dossier, at):
            return
        desk, dice = self._desk, self._dice
        dossier.rounds.append(Round(desk.stated(at)))
        desk.tell(dossier, at, SupplementRequested)
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
        current, due = dossier.rounds[-1], {}
        current.completed = self._desk.stated(at)
        if self._reappoints(dossier):
            current.appointment = dossier.term.due(current.completed, self._desk.times.known(at))
            due["due"] = moment(current.appointment).isoformat()
        dossier.late_after = late_after(dossier, self._desk.times.known(at))
        self._desk.tell(dossier, at, SupplementReceived, **due)
        # Whoever looks it through again is in the office.
        again = self._dice.chance(ASKED_AGAIN) and len(dossier.rounds) == 1
        self._queue(at, dossier, asks=again)

    def _reappoints(self, dossier: Dossier) -> bool:
        able = self._office.software.appoints and not dossier.term.is_short
        return able and self._dice.chance(self._office.reappoints)

    def _worked(self, at: int, dossier: Dossier) -> None:
        """The staff has done their part; it lies elsewhere for a while, then there is a result."""
        dice, office = self._dice, self._office
        elsewhere = dossier.term.work * office.slowness * dice.on(_ELSEWHERE)
        done = self._time.after(at, elsewhere)
        if dice.chance(office.at_centre):
            if not dossier.term.is_short:
                self._step_at_centre(at, dossier, Done.APPRAISED)
            self._step_at_centre(self._time.after(at, elsewhere * 0.9), dossier, Done.APPROVED, Done.STAMPED)
        if self._desk.stated(done) > dossier.late_after:
            self._apologise(at, done, dossier)
        if _is_gone(dossier, done):
            return
        if dice.chance(STOPPED):
            self._stopped(done, dossier)
            return
        dossier.gone, dossier.reopens = None, dice.chance(office.reopens)
        self._desk.tell(dossier, done, Finished)
        self._desk.then(done, self._after.finished, dossier)

    def close_all(self, at: int) -> None:
        """Whatever is accepted and open is finished by a few clicks, one each two seconds; that is all of it."""
        for dossier in list(self._desk.open.values()):
            if dossier.accepted and dossier.ended() is None:
                dossier.gone = at
                self._desk.tell(dossier, at, Finished)
                at += 2

    def merge(self, at: int, into: str) -> None:
        """Whatever is open is taken over by another unit."""
        for dossier in list(self._desk.open.values()):
            if dossier.ended() is None:
                dossier.unit = into
                self._desk.tell(dossier, at, Corrected, unit=into)

    def _stopped(self, at: int, dossier: Dossier) -> None:
        dossier.gone = None
        self._desk.tell(dossier, at, Stopped)

    def _step_at_centre(self, at: int, dossier: Dossier, *done: Done) -> None:
        if not _is_gone(dossier, at):
            self._desk.tell(dossier, at, StepDone, at_centre=True, done=list(done))

    def _apologise(self, now: int, done: int, dossier: Dossier) -> None:
        """Shortly before it becomes late, or as soon as it is seen; the new date is believed in, not kept for sure."""
        if not self._dice.chance(self._office.apologises):
            return
        said = self._time.after(max(now, dossier.late_after - self._dice.whole(600, 3 * HOUR)), 0)
        due = self._time.close_after(said, self._dice.whole(1, 6))
        if said < done and not _is_gone(dossier, said):
            self._desk.tell(dossier, said, Extended, due=moment(due).isoformat())


def late_after(dossier: Dossier, time: WorkingTime, ended: int | None = None) -> int:
    """The last instant at which it is in time, by the rounds of supplement that it has had and that are over.

    An end closes a round, too.

    Promised: the seconds waited are forgiven; computed: working time is given back; a new appointment stands instead;
    what was asked too late forgives nothing, and a second round is late from its asking.
    """
    due, rounds = dossier.computed if dossier.promised is None else dossier.promised, dossier.rounds
    if not rounds:
        return due
    first, last = rounds[0], due
    over = ended if first.completed is None else first.completed
    if first.asked <= due and over is not None:
        if first.appointment is not None:
            last = first.appointment
        elif dossier.promised is None:
            last = dossier.term.due_paused(dossier.accepted, first.asked, over, time)
        else:
            last = due + over - first.asked
    return min(last, rounds[1].asked - 1) if len(rounds) > 1 else last


def _is_gone(dossier: Dossier, at: int) -> bool:
    return dossier.gone is not None and dossier.gone <= at
