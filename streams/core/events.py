"""Native events: what a case-handling system says, one type per kind.  Sugar over assignments to fields.

Every type lists exactly the fields that may enter; whatever else a message holds is dropped where it is read, so no
personal data passes.  Times are ISO 8601 with an offset; `at` is when it happened, `recorded` when it was stated
(taken to be `at` when absent), `id` identifies the event (a hash of its content when absent).  Due dates stay text here:
the civil zone that a bare date needs is known where events become facts.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, TypeAlias

import msgspec
from msgspec import Meta

from streams.core.civil import seconds

Moment: TypeAlias = Annotated[
    datetime, Meta(tz=True, description="ISO 8601 with an offset, as 2026-11-24T08:30:00+07:00")
]
Code: TypeAlias = Annotated[str, Meta(min_length=1, max_length=120)]
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


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """What every native event has."""

    dossier: Code
    at: Moment
    recorded: Moment | None = None
    id: Word | None = None
    source: Word | None = None
    milestone: ClassVar[str] = ""

    def says(self) -> Assignments:
        """The assignments by field name, as the wire of facts has them."""
        return {self.milestone: seconds(self.at)}


class _Described(Event, frozen=True, kw_only=True):
    """An event that may also say what the dossier is about."""

    unit: Code | None = None
    received_by: Code | None = None
    procedure: Code | None = None
    channel: Channel | None = None
    due: Due | None = None

    def says(self) -> Assignments:
        named = {"received_unit": self.received_by, "unit": self.unit, "procedure": self.procedure}
        said: Assignments = {name: value for name, value in named.items() if value}
        if self.channel is not None:
            said["channel"] = CHANNEL_CODES[self.channel]
        said[self.milestone] = seconds(self.at)
        if self.due is not None:
            said["due_first"] = said["due_current"] = self.due
        return said


class Registered(_Described, frozen=True, kw_only=True, tag="registered"):
    """Newly registered: it came in, nobody has accepted it yet."""

    milestone: ClassVar[str] = "registered"


class Accepted(_Described, frozen=True, kw_only=True, tag="accepted"):
    """Accepted: from here the dossier counts and its time runs."""

    milestone: ClassVar[str] = "accepted"


class NotAccepted(Event, frozen=True, kw_only=True, tag="not_accepted"):
    """Refused: before acceptance it counts nowhere, afterwards it is an end."""

    milestone: ClassVar[str] = "not_accepted"


class Step(Event, frozen=True, kw_only=True, tag="step"):
    """A step of processing; `at_centre` when done at the one-stop centre, `done` what it was."""

    at_centre: bool = False
    done: list[Done] = []
    unit: Code | None = None

    def says(self) -> Assignments:
        said: Assignments = {"unit": self.unit} if self.unit else {}
        detail = ",".join(sorted(set(self.done)))
        said["step"] = [[seconds(self.at), f"{detail}@centre" if self.at_centre else detail]]
        return said


class SupplementRequested(Event, frozen=True, kw_only=True, tag="supplement_requested"):
    """The citizen is asked for a supplement; `due` is a new appointment stated with it."""

    due: Due | None = None
    milestone: ClassVar[str] = "asked"

    def says(self) -> Assignments:
        said: Assignments = {"asked": seconds(self.at)}
        if self.due is not None:
            said |= {"appointment": [[seconds(self.at), self.due]], "due_current": self.due}
        return said


class SupplementReceived(Event, frozen=True, kw_only=True, tag="supplement_received"):
    """The supplement is there; `due` is a new appointment stated with it."""

    due: Due | None = None

    def says(self) -> Assignments:
        said: Assignments = {"completed": seconds(self.at)}
        if self.due is not None:
            said |= {"appointment": [[seconds(self.at), self.due]], "due_current": self.due}
        return said


class PaymentRequested(Event, frozen=True, kw_only=True, tag="payment_requested"):
    """The citizen is asked to pay."""

    amount_class: AmountClass = 0

    def says(self) -> Assignments:
        return {"payment_asked": [[seconds(self.at), self.amount_class]]}


class PaymentPaid(Event, frozen=True, kw_only=True, tag="payment_paid"):
    """Paid; never by whom."""

    by: PaidBy
    amount_class: AmountClass = 0

    def says(self) -> Assignments:
        return {"paid": [[seconds(self.at), [self.amount_class, self.by.value]]]}


class Extended(Event, frozen=True, kw_only=True, tag="extended"):
    """Apologised for a delay, with a new date; the promised due date keeps scoring."""

    due: Due | None = None
    apology: bool = True

    def says(self) -> Assignments:
        said: Assignments = {"apologised": seconds(self.at)} if self.apology else {}
        if self.due is not None:
            said["due_current"] = self.due
        return said


class Withdrawn(Event, frozen=True, kw_only=True, tag="withdrawn"):
    """Withdrawn by the citizen: an end without result."""

    milestone: ClassVar[str] = "withdrawn"


class Stopped(Event, frozen=True, kw_only=True, tag="stopped"):
    """Stopped by the authority: an end without result."""

    milestone: ClassVar[str] = "stopped"


class Finished(Event, frozen=True, kw_only=True, tag="finished"):
    """Finished: the result is there."""

    milestone: ClassVar[str] = "finished"


class ResultReturned(Event, frozen=True, kw_only=True, tag="returned"):
    """The result was handed over."""

    by: Returned | None = None

    def says(self) -> Assignments:
        said: Assignments = {"returned": seconds(self.at)}
        if self.by is not None:
            said["returned_how"] = RETURNED_CODES[self.by]
        return said


class Reopened(Event, frozen=True, kw_only=True, tag="reopened"):
    """Back in process after an end, which is void when this occurred and was recorded after it."""

    milestone: ClassVar[str] = "reopened"


class Digitised(Event, frozen=True, kw_only=True, tag="digitised"):
    """Attachments (and, where required, the result) are digital."""

    milestone: ClassVar[str] = "digitised"


class ResultIssued(Event, frozen=True, kw_only=True, tag="result_issued"):
    """The electronic result was issued."""

    milestone: ClassVar[str] = "result_issued"


class DataReused(Event, frozen=True, kw_only=True, tag="data_reused"):
    """Digitised data was used again."""

    milestone: ClassVar[str] = "reused"


class Linked(Event, frozen=True, kw_only=True, tag="linked"):
    """Linked to the citizen's data store."""

    milestone: ClassVar[str] = "linked"


class PopulationDataUsed(Event, frozen=True, kw_only=True, tag="population_data_used"):
    """The population database was used."""

    milestone: ClassVar[str] = "population_data"


class Identified(Event, frozen=True, kw_only=True, tag="identified"):
    """The applicant was identified electronically; never who."""

    milestone: ClassVar[str] = "identified"


class Synchronised(Event, frozen=True, kw_only=True, tag="synchronised"):
    """Seen at the national portal."""

    milestone: ClassVar[str] = "synchronised"


class Rated(Event, frozen=True, kw_only=True, tag="rated"):
    """Rated from 1 (worst) to 5."""

    score: Score

    def says(self) -> Assignments:
        return {"rated": [[seconds(self.at), self.score]]}


class Complained(Event, frozen=True, kw_only=True, tag="complained"):
    """Complained about."""

    milestone: ClassVar[str] = "complained"


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


_FIELD_OF: Final = {Clearable.DUE: "due_corrected", Clearable.RECEIVED_BY: "received_unit"}


class Corrected(Event, frozen=True, kw_only=True, tag="corrected"):
    """What was said before was wrong: new values, and what to clear.  A corrected due date scores before the first."""

    unit: Code | None = None
    received_by: Code | None = None
    procedure: Code | None = None
    channel: Channel | None = None
    due: Due | None = None
    moments: dict[Milestone, Moment] = {}
    clear: list[Clearable] = []
    clear_moments: dict[Many, list[Moment]] = {}

    def says(self) -> Assignments:
        said: Assignments = {_FIELD_OF.get(name, name.value): None for name in self.clear}
        for name, moments in self.clear_moments.items():
            said[name.value] = [[seconds(moment), None] for moment in moments]
        named = {"received_unit": self.received_by, "unit": self.unit, "procedure": self.procedure}
        said |= {name: value for name, value in named.items() if value}
        if self.channel is not None:
            said["channel"] = CHANNEL_CODES[self.channel]
        if self.due is not None:
            said["due_corrected"] = said["due_current"] = self.due
        return said | {name.value: seconds(moment) for name, moment in self.moments.items()}


KINDS: Final = (
    Registered,
    Accepted,
    NotAccepted,
    Step,
    SupplementRequested,
    SupplementReceived,
    PaymentRequested,
    PaymentPaid,
    Extended,
    Withdrawn,
    Stopped,
    Finished,
    ResultReturned,
    Reopened,
    Digitised,
    ResultIssued,
    DataReused,
    Linked,
    PopulationDataUsed,
    Identified,
    Synchronised,
    Rated,
    Complained,
    Corrected,
)
AnyEvent: TypeAlias = (
    Registered
    | Accepted
    | NotAccepted
    | Step
    | SupplementRequested
    | SupplementReceived
    | PaymentRequested
    | PaymentPaid
    | Extended
    | Withdrawn
    | Stopped
    | Finished
    | ResultReturned
    | Reopened
    | Digitised
    | ResultIssued
    | DataReused
    | Linked
    | PopulationDataUsed
    | Identified
    | Synchronised
    | Rated
    | Complained
    | Corrected
)
