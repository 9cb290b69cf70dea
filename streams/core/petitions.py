"""Petitions: cases of another kind.  What is stated of one, and what it counts as of a clock.

A petition may name the dossier that it is about, which is then `complained` about.  It is due 15 working days after it
was received (the instant comes from the calendar, as an argument).  Source: indicators 5.2 and 5.3 of Decision
766/QĐ-TTg, docs/semantics.md.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import field

from streams.core.cases import Flat
from streams.core.civil import MICROS, seconds
from streams.core.event_words import Assignments, Code, DossierCode, Moment
from streams.core.fields import UNIT, Field, Merge
from streams.core.references import Reference, joined

WORKING_DAYS: Final = 15
PETITION_RECEIVED: Final = 26
PETITION_ANSWERED: Final = 27
PETITION_DISLIKED: Final = 28
PETITION_REPEATED: Final = 29
PETITION_TOPIC: Final = 30
PETITION_ABOUT: Final = 31
FIELDS: Final = (
    Field(PETITION_RECEIVED, "petition_received", Merge.LATEST, "tiếp nhận phản ánh", "petition received"),
    Field(PETITION_ANSWERED, "petition_answered", Merge.LATEST, "trả lời phản ánh", "petition answered"),
    Field(PETITION_DISLIKED, "petition_disliked", Merge.LATEST, "không hài lòng", "answer disliked"),
    Field(PETITION_REPEATED, "petition_repeated", Merge.LATEST, "phản ánh lại", "petition repeated"),
    Field(PETITION_TOPIC, "petition_topic", Merge.LATEST, "nội dung phản ánh", "topic of the petition"),
    Field(PETITION_ABOUT, "petition_about", Merge.LATEST, "hồ sơ bị phản ánh", "dossier that it is about"),
)
_CODE_OF: Final = {"unit": UNIT} | {one.name: one.code for one in FIELDS}


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
        """The petition's code."""
        return joined("petition", self.petition)

    def says(self) -> Assignments:
        """Assignments by field name, as the wire of facts has them; moments in seconds."""
        said: Assignments = {f"petition_{name.value}": None for name in self.clear}
        said |= {"unit": self.unit, "petition_received": None if self.removed else seconds(self.received)}
        moments = {"answered": self.answered, "disliked": self.disliked, "repeated": self.repeated}
        said |= {f"petition_{name}": seconds(moment) for name, moment in moments.items() if moment is not None}
        if self.topic is not None:
            said["petition_topic"] = self.topic.value
        return said | ({} if self.about is None else {"petition_about": self.about})

    def complaint(self) -> tuple[str, Assignments] | None:
        """The dossier that it is about and what it says of that one: complained about when it was received."""
        if self.about is None or self.removed:
            return None
        return self.about, {"complained": seconds(self.received)}


def by_key(said: Assignments) -> Flat:
    """The assignments of a petition by key, ascending, as `Case.fold` takes them."""
    return dict(sorted((_CODE_OF[name], value) for name, value in said.items()))


class Standing(NamedTuple):
    """How a petition stands as of a clock; `counts` are the names of the counters to which it adds 1."""

    received: int
    open: bool
    counts: frozenset[str]


_TOPICS: Final = {
    Topic.PROCEDURE.value: "petitions_procedure",
    Topic.BEHAVIOUR.value: "petitions_behaviour",
    Topic.EXTRA_TRIPS.value: "petitions_trips",
}


def standing_of(flat: Flat, due: int, clock: int) -> Standing | None:
    """How the petition stands as of `clock` (micros), `due` being the last second in time; None: it has not come yet.

    Answered at the very second it is due is in time, and open until that second is over.
    """
    last = (clock - 1) // MICROS
    received = flat.get(PETITION_RECEIVED)
    if received is None or received > last:
        return None
    answered = flat.get(PETITION_ANSWERED)
    if answered is not None and answered > last:
        answered = None
    in_time = clock // MICROS <= due if answered is None else answered <= due
    counts = {"petitions"}
    if (topic := _TOPICS.get(flat.get(PETITION_TOPIC) or "")) is not None:
        counts.add(topic)
    if in_time:
        counts.add("petitions_in_time")
        if not any(_before(flat, code, last) for code in (PETITION_DISLIKED, PETITION_REPEATED)):
            counts.add("petitions_well")
    return Standing(received, answered is None, frozenset(counts))


def _before(flat: Flat, code: int, last: int) -> bool:
    moment = flat.get(code)
    return moment is not None and moment <= last
