"""The words and simple types that native events are written in, and what all events have."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, TypeAlias

import msgspec
from msgspec import Meta

from streams.core.civil import seconds

NO_CONTROLS: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
Moment: TypeAlias = Annotated[
    datetime, Meta(tz=True, description="ISO 8601 with an offset, as 2026-11-24T08:30:00+07:00")
]
Code: TypeAlias = Annotated[str, Meta(min_length=1, max_length=120)]
DossierCode: TypeAlias = Annotated[
    str,
    Meta(min_length=1, max_length=120, extra_json_schema={"pattern": NO_CONTROLS}, description="no control characters"),
]
EventId: TypeAlias = Annotated[
    str, Meta(max_length=120, extra_json_schema={"pattern": NO_CONTROLS}, description="no control characters")
]
Word: TypeAlias = Annotated[str, Meta(max_length=120)]
Score: TypeAlias = Annotated[int, Meta(ge=1, le=5)]
AmountClass: TypeAlias = Annotated[
    int, Meta(ge=0, le=9, description="class of the amount, 0 = nothing to pay; no sums")
]
Assignments: TypeAlias = dict[str, Any]
Due: TypeAlias = Annotated[
    str, Meta(min_length=10, max_length=40, description="like a moment, or a bare date: the end of that civil day")
]


class Channel(StrEnum):
    """How a dossier came in."""

    DIRECT = "direct"
    ONLINE = "online"
    POSTAL = "postal"


class Returned(StrEnum):
    """How a result was handed over."""

    COUNTER = "counter"
    POST = "post"
    ONLINE = "online"


class Done(StrEnum):
    """What a step at the centre did."""

    APPRAISED = "appraised"
    APPROVED = "approved"
    STAMPED = "stamped"


class PaidBy(StrEnum):
    """Where a payment was made."""

    COUNTER = "counter"
    NATIONAL = "national_portal"
    LOCAL = "local_gateway"
    TRANSFER = "transfer"


CHANNEL_CODES: Final = {Channel.DIRECT: 1, Channel.ONLINE: 2, Channel.POSTAL: 3}
RETURNED_CODES: Final = {Returned.COUNTER: 1, Returned.POST: 2, Returned.ONLINE: 3}


class Milestone(StrEnum):
    """The milestones that a correction may move."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    FINISHED = "finished"
    RETURNED = "returned"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    APOLOGISED = "apologised"
    DIGITISED = "digitised"
    RESULT_ISSUED = "result_issued"
    REUSED = "reused"
    LINKED = "linked"
    POPULATION_DATA = "population_data"
    IDENTIFIED = "identified"
    SYNCHRONISED = "synchronised"
    COMPLAINED = "complained"


class Clearable(StrEnum):
    """What a correction may clear."""

    DUE = "due"
    UNIT = "unit"
    RECEIVED_BY = "received_by"
    PROCEDURE = "procedure"
    CHANNEL = "channel"
    REGISTERED = "registered"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    FINISHED = "finished"
    RETURNED = "returned"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    APOLOGISED = "apologised"
    DIGITISED = "digitised"
    RESULT_ISSUED = "result_issued"
    REUSED = "reused"
    LINKED = "linked"
    POPULATION_DATA = "population_data"
    IDENTIFIED = "identified"
    SYNCHRONISED = "synchronised"
    COMPLAINED = "complained"


class Many(StrEnum):
    """The sets of moments out of which a correction may take one."""

    ASKED = "asked"
    COMPLETED = "completed"
    APPOINTMENT = "appointment"
    STEP = "step"
    PAYMENT_ASKED = "payment_asked"
    PAID = "paid"
    RATED = "rated"


FIELD_OF_CLEARED: Final = {Clearable.DUE: "due_corrected", Clearable.RECEIVED_BY: "received_unit"}


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """What every native event has."""

    dossier: DossierCode
    at: Moment
    recorded: Moment | None = None
    id: EventId | None = None
    source: Word | None = None
    milestone: ClassVar[str] = ""

    def says(self) -> Assignments:
        """The assignments by field name, as the wire of facts has them."""
        return {self.milestone: seconds(self.at)}


class Described(Event, frozen=True, kw_only=True):
    """An event that may also say what the dossier is about."""

    unit: Code | None = None
    received_by: Code | None = None
    procedure: Code | None = None
    channel: Channel | None = None
    due: Due | None = None

    def says(self) -> Assignments:
        """The milestone and what else was said, by field name."""
        named = {"received_unit": self.received_by, "unit": self.unit, "procedure": self.procedure}
        said: Assignments = {name: value for name, value in named.items() if value}
        if self.channel is not None:
            said["channel"] = CHANNEL_CODES[self.channel]
        said[self.milestone] = seconds(self.at)
        if self.due is not None:
            said["due_first"] = said["due_current"] = self.due
        return said
