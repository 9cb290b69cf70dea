"""How an alert at a unit moves on from one closed hour to the next, by what its condition says."""

from collections.abc import Iterator

from streams.core.alerting.office import Office
from streams.core.alerting.records import Condition, Reading, Standing, State
from streams.core.civil import MICROS

_MINUTE = 60


def moved(
    condition: Condition, old: Standing | None, reading: Reading | None, at: int, office: Office
) -> Standing | None:
    """How it stands after the hour that ends at `at` (micros); None where it does not."""
    if reading is not None:
        since, active, began = (at, 0, reading) if old is None else (old.since, old.active, old.began)
        if not active and _worked(office, since, at) >= condition.pending * _MINUTE:
            active = at
        return Standing(since, active, 0, began, reading)
    if old is None or not old.active:
        return None
    calm = old.calm or at
    if _worked(office, calm, at) >= condition.calm * _MINUTE:
        return None
    return Standing(old.since, old.active, calm, old.began, old.now)


def transitions(old: Standing | None, new: Standing | None) -> Iterator[tuple[State, Standing]]:
    """What is to be told of it: at most one, since what is active at once was never pending."""
    if new is None:
        if old is not None:
            yield (State.OVER if old.active else State.DROPPED), old
    elif new.active:
        if old is None or not old.active:
            yield State.ACTIVE, new
    elif old is None:
        yield State.PENDING, new


def _worked(office: Office, first: int, last: int) -> int:
    return office.worked(first // MICROS, last // MICROS)
