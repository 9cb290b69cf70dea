"""What the simulator meant: one record a dossier, one a dirty item, the incidents, and the sums."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from simulators.world.desk import Dossier, Plea
from simulators.world.handling import late_after
from simulators.world.units import Office
from simulators.world.working_time import Times
from streams.core.civil import seconds

TRUTH_VERSION: Final = 1
FOREVER: Final = 1 << 40  # seconds
PETITION_DAYS: Final = 15
"""Working days within which a petition is to be answered."""


class DossierTruth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One dossier as it was meant; instants in seconds since 1970 UTC, as its software states them.

    What lies beyond the end of the simulation, or never was, is left out.  `promised` is the due date stated first and
    `promise` how it was reckoned (`kept`: by the limit, `generous`, `wrong`); `computed` the one by the limit, without
    any pause; `computed_paused` the same with the first round of supplement, if it is over, given back.  `late_after`
    is the last instant in time by all that was meant.  `clock` is by how many seconds its software's clock is ahead.
    """

    dossier: str
    unit: str
    received_by: str
    procedure: str
    channel: str
    source: str
    clock: int = 0
    registered: int | None = None
    accepted: int | None = None
    not_accepted: int | None = None
    finished: int | None = None
    reopened: int | None = None
    returned: int | None = None
    stopped: int | None = None
    withdrawn: int | None = None
    promised: int | None = None
    promise: str = ""
    computed: int | None = None
    computed_paused: int | None = None
    late_after: int | None = None
    rounds: int = 0
    asked1: int | None = None
    completed1: int | None = None
    appointment1: int | None = None
    asked2: int | None = None
    completed2: int | None = None
    extended: int | None = None
    digitised: int | None = None
    result_issued: int | None = None
    data_reused: int | None = None
    linked: int | None = None
    population_data_used: int | None = None
    identified: int | None = None
    synchronised: int | None = None
    complained: int | None = None
    payment_requested: int | None = None
    payment_paid: int | None = None
    rated: int | None = None
    fee: int = 0
    paid_by: str = ""
    score: int = 0
    returned_by: str = ""
    events: int = 0


class PetitionTruth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One petition as it was meant; instants in seconds, as its software states them.

    `due` is the last second in time, by the working days known when it was answered, or at the end; `about` the dossier
    that it is about; `statements` how often something was stated of it.
    """

    petition: str
    unit: str
    received: int
    due: int
    answered: int | None = None
    disliked: int | None = None
    repeated: int | None = None
    topic: str = ""
    about: str = ""
    statements: int = 0


class ItemTruth(msgspec.Struct, frozen=True, omit_defaults=True):
    """One dirty item: its line in the file of its topic (from 1; in the order of sending), its kind of dirt.

    `dossier` is the case that it is of, or its unit where it is of none.  `reason` is why it must be rejected; without
    one it must not.  `at` is when what it says happened.
    """

    line: int
    dirt: str
    unit: str
    dossier: str
    at: int
    reason: str = ""
    topic: str = "dossier-events"


class Sums(msgspec.Struct):
    """What was sent in all: items, how many of them by topic, with which dirt, and to be rejected by which reason."""

    dossiers: int = 0
    petitions: int = 0
    items: int = 0
    topics: dict[str, int] = {}
    dirty: dict[str, int] = {}
    rejected: dict[str, int] = {}
    simulation: str = ""
    identity: str = ""
    begins: int = 0
    ends: int = 0
    version: int = TRUTH_VERSION


_TOLD: Final = tuple(
    name
    for name in DossierTruth.__struct_fields__
    if name
    in {
        *("registered", "accepted", "not_accepted", "finished", "reopened", "returned", "stopped", "withdrawn"),
        *("extended", "digitised", "result_issued", "data_reused", "linked", "population_data_used", "identified"),
        *("synchronised", "complained", "payment_requested", "payment_paid", "rated"),
    }
)


def truth_of(dossier: Dossier, office: Office, times: Times) -> DossierTruth:
    """The record of a dossier of which nothing more will be said."""
    told, found = dossier.moments, {}
    for name in _TOLD:
        if name in told:
            found[name] = told[name]
    ended = dossier.ended()
    said: dict[str, int | str | None] = {}
    if "accepted" in told:
        said = _dates(dossier, ended, times, office.clock)
    return DossierTruth(
        dossier=dossier.code,
        unit=dossier.unit,
        received_by=dossier.received_by,
        procedure=dossier.procedure.code,
        channel=dossier.channel.value,
        source=office.software.name,
        clock=office.clock,
        rounds=len(dossier.rounds),
        events=dossier.events,
        **dossier.details,  # type: ignore[arg-type]
        **found,  # type: ignore[arg-type]
        **said,  # type: ignore[arg-type]
    )


def petition_truth_of(plea: Plea, office: Office, times: Times) -> PetitionTruth:
    """The record of a petition of which nothing more will be said."""
    said = plea.last
    assert said is not None
    received, answered = seconds(said.received), _seconds(said.answered)
    known = times.known(FOREVER if answered is None else answered - office.clock)
    return PetitionTruth(
        petition=said.petition,
        unit=said.unit,
        received=received,
        due=known.close_after(received, PETITION_DAYS),
        answered=answered,
        disliked=_seconds(said.disliked),
        repeated=_seconds(said.repeated),
        topic=said.topic or "",
        about=said.about or "",
        statements=plea.statements,
    )


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else seconds(moment)


def _dates(dossier: Dossier, ended: int | None, times: Times, clock: int) -> dict[str, int | str | None]:
    """Due dates, as reckoned by what was known when it ended, and the rounds of supplement."""
    known = times.known(FOREVER if ended is None else ended - clock)
    if dossier.promised is None:  # the monitor computes anew while it is open; what is promised never moves
        dossier.computed = dossier.term.due(dossier.accepted, known)
    said: dict[str, int | str | None] = {"promise": dossier.promise, "promised": dossier.promised}
    said |= {"computed": dossier.computed, "late_after": late_after(dossier, known, ended)}
    for number, one in enumerate(dossier.rounds, 1):
        said |= {f"asked{number}": one.asked, f"completed{number}": one.completed}
        if number == 1:
            said["appointment1"] = one.appointment
            over = one.completed if one.completed is not None else ended
            if over is not None:
                said["computed_paused"] = dossier.term.due_paused(dossier.accepted, one.asked, over, known)
    return said
