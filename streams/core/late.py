"""How a dossier stands on the watch list as of an instant: what a reader computes from the instants of its entry."""

from enum import StrEnum
from typing import Final

import msgspec

from streams.core.calendar import Calendar, MissingYear
from streams.core.civil import MICROS, Civil
from streams.core.watching import Watch


class State(StrEnum):
    """Where an entry stands: exactly one holds."""

    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    PAUSED = "paused"


class Stage(msgspec.Struct, frozen=True):
    """Where a dossier lies, as far as the events say."""

    code: str
    vi: str
    en: str


STAGES: Final = (
    Stage("received", "chờ xử lý", "waiting for the first step"),
    Stage("processing", "đang xử lý", "being worked on"),
    Stage("centre", "ở Bộ phận Một cửa", "at the one-stop centre"),
    Stage("supplement", "chờ bổ sung", "waiting for a supplement"),
)
STAGE_OF: Final = {stage.code: stage for stage in STAGES}
_AT_CENTRE: Final = "@centre"


def state_of(entry: Watch, clock: int, civil: Civil | None = None) -> State:
    """How an entry stands as of `clock` (micros); without `civil` due today is soon."""
    if entry.late or (not entry.paused and entry.due < clock // MICROS):
        return State.LATE
    if entry.paused:
        return State.PAUSED
    is_today = civil is not None and civil.day(entry.due) <= civil.day(clock // MICROS)
    return State.TODAY if is_today else State.SOON


def stage_of(entry: Watch) -> str:
    """The code of the stage at which it lies."""
    if entry.paused:
        return "supplement"
    if entry.step.endswith(_AT_CENTRE):
        return "centre"
    return "processing" if entry.step else "received"


def new_since(clock: int, civil: Civil, calendar: Calendar | None) -> int:
    """From when on (seconds) lateness is new: the beginning of the last working day before the day of `clock`.

    So what turns late on Friday evening is new until Monday's end.  Without a calendar: of the day before.
    """
    today = civil.day(clock // MICROS)
    if calendar is not None:
        try:
            return civil.midnight(calendar.nth_working_day(calendar.working_days_before(today) - 1))
        except MissingYear:
            pass
    return civil.midnight(today - 1)


def days_left(entry: Watch, clock: int, calendar: Calendar | None) -> float | None:
    """Working days left until it is due, negative when overdue; None without a calendar, or where its year is missing.

    A dossier that waits for a supplement loses no time, so what is left of it cannot be said.
    """
    if calendar is None or entry.paused:
        return None
    try:
        return calendar.working_days_between(clock // MICROS, entry.due)
    except MissingYear:
        return None


def age(entry: Watch, clock: int, calendar: Calendar | None) -> float | None:
    """Working days since its reception; None as for `days_left`."""
    if calendar is None:
        return None
    try:
        return calendar.working_days_between(entry.received, clock // MICROS)
    except MissingYear:
        return None
