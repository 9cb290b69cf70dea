"""Native events: what a case-handling system says, one type per kind.  Sugar over assignments to fields.

Every type lists exactly the fields that may enter; whatever else a message holds is dropped where it is read, so no
personal data passes.  Times are ISO 8601 with an offset; `at` is when it happened, `recorded` when it was stated
(taken to be `at` when absent), `id` identifies the event (a hash of its content when absent).  Due dates stay text
here: the civil zone that a bare date needs is known where events become facts.
"""

from typing import ClassVar, Final, TypeAlias, get_args

from msgspec import field

from streams.core.civil import seconds
from streams.core.event_words import (
    CHANNEL_CODES,
    FIELD_OF_CLEARED,
    RETURNED_CODES,
    AmountClass,
    Assignments,
    Channel,
    Clearable,
    Code,
    Described,
    Done,
    Due,
    Event,
    Many,
    Milestone,
    Moment,
    PaidBy,
    Returned,
    Score,
)

__all__ = ["CHANNEL_CODES", "KINDS", "RETURNED_CODES", "AnyEvent", "Channel", "Done", "Event", "PaidBy", "Returned"]


class Registered(Described, frozen=True, kw_only=True, tag="registered"):
    """Newly registered: it came in, nobody has accepted it yet."""

    milestone: ClassVar[str] = "registered"


class Accepted(Described, frozen=True, kw_only=True, tag="accepted"):
    """Accepted: from here the dossier counts and its time runs."""

    milestone: ClassVar[str] = "accepted"


class NotAccepted(Event, frozen=True, kw_only=True, tag="not_accepted"):
    """Refused: before acceptance it counts nowhere, afterwards it is an end."""

    milestone: ClassVar[str] = "not_accepted"


class Step(Event, frozen=True, kw_only=True, tag="step"):
    """A step of processing; `at_centre` when done at the one-stop centre, `done` what it was."""

    at_centre: bool = False
    done: list[Done] = field(default_factory=list)
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


class Corrected(Event, frozen=True, kw_only=True, tag="corrected"):
    """What was said before was wrong: new values, and what to clear.  A corrected due date scores before the first."""

    unit: Code | None = None
    received_by: Code | None = None
    procedure: Code | None = None
    channel: Channel | None = None
    due: Due | None = None
    moments: dict[Milestone, Moment] = field(default_factory=dict)
    clear: list[Clearable] = field(default_factory=list)
    clear_moments: dict[Many, list[Moment]] = field(default_factory=dict)

    def says(self) -> Assignments:
        said: Assignments = {FIELD_OF_CLEARED.get(name, name.value): None for name in self.clear}
        for name, moments in self.clear_moments.items():
            said[name.value] = [[seconds(moment), None] for moment in moments]
        named = {"received_unit": self.received_by, "unit": self.unit, "procedure": self.procedure}
        said |= {name: value for name, value in named.items() if value}
        if self.channel is not None:
            said["channel"] = CHANNEL_CODES[self.channel]
        if self.due is not None:
            said["due_corrected"] = said["due_current"] = self.due
        return said | {name.value: seconds(moment) for name, moment in self.moments.items()}


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
KINDS: Final[tuple[type[Event], ...]] = get_args(AnyEvent)
