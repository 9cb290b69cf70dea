"""Petitions: cases of another kind.  What is stated of one, and what it counts as of a clock.

A petition may name the dossier that it is about, which is then `complained` about.  It is due 15 working days after it
was received, by the calendar.  Source: indicators 5.2 and 5.3 of Decision 766/QĐ-TTg, docs/semantics.md.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import field

from streams.core.calendar import Calendar, MissingYear
from streams.core.cases import Flat
from streams.core.civil import MICROS, seconds
from streams.core.deadlines import Limit, Unit, due
from streams.core.event_words import Assignments, Code, DossierCode, Moment
from streams.core.fields import (
    CODE_OF,
    PETITION_ANSWERED,
    PETITION_DISLIKED,
    PETITION_RECEIVED,
    PETITION_REPEATED,
    PETITION_TOPIC,
)
from streams.core.references import Reference
from streams.core.terms import Terms

LIMIT: Final = Limit(Unit.WORKING_DAYS, 15)
CASE_PREFIX: Final = "petition/"
"""Before the code of a petition in the code of its case, so that no dossier can have the same."""


class Topic(StrEnum):
    """What a petition is about."""

    PROCEDURE = "procedure"
    BEHAVIOUR = "behaviour"
    EXTRA_TRIPS = "extra_trips"
    OTHER = "other"


class Cleared(StrEnum):
    """What a correction may take back."""

    ANSWERED = "answered"
    DISLIKED = "disliked"
    REPEATED = "repeated"
    TOPIC = "topic"
    ABOUT = "about"


class Petition(Reference, frozen=True, kw_only=True, tag="petition"):
    """What is known of a petition; what is absent is not taken back, `clear` does that; `removed`, it never came.

    Never from whom it came.
    """

    petition: DossierCode
    unit: Code
    received: Moment
    answered: Moment | None = None
    disliked: Moment | None = None
    repeated: Moment | None = None
    topic: Topic | None = None
    about: DossierCode | None = None
    clear: list[Cleared] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The code of its case."""
        return CASE_PREFIX + self.petition

    def says(self) -> Assignments:
        """Assignments by field name, as the wire of facts has them; moments in seconds."""
        said: Assignments = {"unit": self.unit}
        said["petition_received"] = None if self.removed else seconds(self.received)
        said |= {f"petition_{name.value}": None for name in self.clear}
        moments = {"answered": self.answered, "disliked": self.disliked, "repeated": self.repeated}
        said |= {f"petition_{name}": seconds(moment) for name, moment in moments.items() if moment is not None}
        if self.topic is not None:
            said["petition_topic"] = self.topic.value
        if self.about is not None:
            said["petition_about"] = self.about
        return dict(sorted(said.items(), key=_by_code))

    def complaint(self) -> tuple[str, Assignments] | None:
        """The dossier that it is about and what it says of that one: complained about when it was received."""
        if self.about is None or self.removed:
            return None
        return self.about, {"complained": seconds(self.received)}


def _by_code(assigned: tuple[str, object]) -> int:
    return CODE_OF[assigned[0]]


class Standing(NamedTuple):
    """How a petition stands as of a clock; instants in seconds, `answered` only when that was before the clock.

    `due` is the last second in time, and `in_time` is None where that is not known: there was no calendar for it.
    """

    received: int
    answered: int | None
    due: int | None
    in_time: bool | None
    disliked: bool
    topic: str | None

    @property
    def well(self) -> bool:
        """In time, and the answer neither disliked nor the petition repeated."""
        return bool(self.in_time) and not self.disliked


def standing_of(flat: Flat, due: int | None, clock: int) -> Standing | None:
    """How the petition stands as of `clock` (micros), `due` being the last second in time; None: it has not come yet.

    Answered at the very second it is due is in time, and open until that second is over.
    """
    last = (clock - 1) // MICROS
    received = _by(flat, PETITION_RECEIVED, last)
    if received is None:
        return None
    answered = _by(flat, PETITION_ANSWERED, last)
    in_time = None if due is None else (clock // MICROS if answered is None else answered) <= due
    disliked = any(_by(flat, code, last) is not None for code in (PETITION_DISLIKED, PETITION_REPEATED))
    return Standing(received, answered, due, in_time, disliked, flat.get(PETITION_TOPIC))


def judged(flat: Flat, clock: int, terms: Terms) -> Standing | None:
    """How the petition stands as of `clock` (micros): an open one is due by the calendar in force at the clock.

    One that was answered keeps the calendar that held when it was.
    """
    last = (clock - 1) // MICROS
    received, answered = _by(flat, PETITION_RECEIVED, last), _by(flat, PETITION_ANSWERED, last)
    if received is None:
        return None
    calendar = terms.calendar(clock if answered is None else min(clock, answered * MICROS))
    return standing_of(flat, None if calendar is None else due_of(received, calendar), clock)


def due_of(received: int, calendar: Calendar) -> int | None:
    """The last second (seconds) in time: the close of office of the 15th working day; None where a year is missing."""
    try:
        return due(calendar, received, LIMIT)
    except MissingYear:
        return None


def _by(flat: Flat, code: int, last: int) -> int | None:
    """The moment of a field when that is not after the second `last`."""
    moment: int | None = flat.get(code)
    return moment if moment is not None and moment <= last else None
