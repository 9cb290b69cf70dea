"""What is promised at acceptance: mostly the date by the limit, at times a generous one, at times a wrong one."""

from __future__ import annotations

from typing import Final

from simulators.world.desk import Dossier
from simulators.world.dice import Dice
from simulators.world.terms import Term
from simulators.world.working_time import CLOSE, WorkingTime, day_of, midnight

GENEROUS: Final = 0.06
WRONG: Final = 0.02


def promise(dossier: Dossier, time: WorkingTime, dice: Dice, slips: float = 1.0) -> None:
    """Let a due date be promised to an accepted dossier, by the software's clock; `slips` multiplies wrong ones."""
    drawn = dice.share()
    if drawn < GENEROUS:
        dossier.promise = "generous"
        dossier.promised = time.close_after(dossier.computed, dice.whole(1, 4))
    elif drawn < GENEROUS + WRONG * slips:
        dossier.promise = "wrong"
        dossier.promised = _as_if_always_open(dossier.accepted, dossier.term)
    else:
        dossier.promise = "kept"
        dossier.promised = dossier.computed


def _as_if_always_open(accepted: int, term: Term) -> int:
    """As a system counts that knows neither holidays nor weekends."""
    return accepted + term.work if term.is_short else midnight(day_of(accepted) + max(term.count, 1)) + CLOSE
