"""References and petitions: one message holds one as JSON, or many as NDJSON.

Each becomes facts: a procedure or a declared total is a case with one register, a petition a case of its own.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Final, TypeAlias

import msgspec

from streams.core.civil import MICROS, micros, seconds
from streams.core.declarations import DeclaredTotal
from streams.core.event_words import NO_CONTROLS
from streams.core.facts import Fact, Origin
from streams.core.petitions import CASE_PREFIX, Petition
from streams.core.procedures import Procedure
from streams.core.references import Reference, joined
from streams.core.statements import case_of, said_of
from streams.sources.decoding import decoded
from streams.sources.native import EARLIEST, LATEST, items
from streams.sources.rejections import Reason, Refused, Rejection

AnyReference: TypeAlias = Procedure | DeclaredTotal | Petition
KINDS: Final = (Procedure, DeclaredTotal, Petition)
_decode: Final[Callable[[bytes], AnyReference]] = msgspec.json.Decoder(AnyReference).decode
_CLEAN: Final = re.compile(NO_CONTROLS)
_YEARS: Final = range(1900, 3000)
_DATES: Final = ("announced", "announce_by", "published", "publish_by", "valid_from", "valid_to")
_MOMENTS: Final = ("received", "answered", "disliked", "repeated")


def any_unit(_: str) -> bool:
    """Takes every unit, where no register is at hand."""
    return True


class ReferenceReader:
    """Reads references and petitions, or only those of some `kinds`.

    `max_ahead` (seconds) is how far a moment may lie ahead of its input record's timestamp; `knows` says of a unit's
    code whether the register has it.
    """

    def __init__(
        self, max_ahead: int, knows: Callable[[str], bool] = any_unit, kinds: tuple[type[Reference], ...] = KINDS
    ) -> None:
        self._max_ahead = max_ahead * MICROS
        self._knows = knows
        self._kinds = kinds

    def read(
        self, payload: bytes | None, stamp: int, input_: str, offset: int, place: int
    ) -> Iterator[Fact | Rejection]:
        """Facts and rejections of one message, as `streams.sources.inputs.ItemReader` says."""
        for index, found in enumerate(self.references(payload, stamp, input_, offset)):
            if isinstance(found, Rejection):
                yield found
            else:
                yield from facts_of(found, (place, offset, index))

    def references(
        self, payload: bytes | None, stamp: int, input_: str, offset: int
    ) -> Iterator[AnyReference | Rejection]:
        """A reference or a rejection for each item; `stamp` (micros) is the timestamp of the input record."""
        if payload is None:
            yield Rejection(Reason.TOMBSTONE, "the message has no value", input_, offset, 0, stamp)
            return
        for index, item in enumerate(items(payload)):
            try:
                yield self.checked(reference_of(item), stamp)
            except Refused as refused:
                yield Rejection(refused.reason, refused.detail, input_, offset, index, stamp)

    def checked(self, reference: AnyReference, stamp: int) -> AnyReference:
        """The reference itself; Refused where it cannot be."""
        if not isinstance(reference, self._kinds):
            raise Refused(Reason.UNKNOWN_KIND, "`kind` is not one that this input takes")
        limit = stamp + self._max_ahead
        _check_moment("recorded", reference.recorded, limit)
        for name in ("id", "unit", "procedure", "petition", "about"):
            _check_code(name, getattr(reference, name, None))
        if not self._knows(reference.unit):
            raise Refused(Reason.UNKNOWN_NAME, "`unit` is a code that the register does not hold")
        if isinstance(reference, Procedure):
            _check_procedure(reference)
        elif isinstance(reference, Petition):
            _check_petition(reference, limit)
        return reference


def reference_of(item: bytes) -> AnyReference:
    """The reference behind one item's bytes; Refused says why there is none, without quoting what was sent."""
    return decoded(item, _decode, "the reference")


def facts_of(reference: AnyReference, origin: Origin) -> list[Fact]:
    """What a reference says, as facts; one of them is counted."""
    if isinstance(reference, Petition):
        return petition_facts(reference, origin)
    recorded, id_ = reference.stamp
    kind, said = str(type(reference).__struct_config__.tag), {"stated": said_of(reference)}
    at, source = seconds(reference.recorded), reference.source or ""
    return [Fact(case_of(reference), kind, at, recorded, id_, said, origin, source)]


def petition_facts(petition: Petition, origin: Origin) -> list[Fact]:
    """The fact of the petition itself, and the one of the dossier that it is about, which is not counted."""
    recorded, id_ = petition.stamp
    source = petition.source or ""
    at = seconds(petition.received)
    facts = [Fact(petition.key, "petition", at, recorded, id_, petition.says(), origin, source)]
    if (complaint := petition.complaint()) is not None:
        dossier, said = complaint
        about = joined(id_, "about")  # one event id, two cases
        facts.append(Fact(dossier, "petition", at, recorded, about, said, origin, source, counted=False))
    return facts


def _check_moment(name: str, moment: datetime, limit: int) -> None:
    if not EARLIEST <= seconds(moment) < LATEST:
        raise Refused(Reason.OUT_OF_RANGE, f"`{name}` lies outside 1900 to 2999")
    if micros(moment) > limit:
        raise Refused(Reason.AHEAD_OF_CLOCK, f"`{name}` lies too far ahead of the clock")


def _check_code(name: str, code: str | None) -> None:
    if code and not _CLEAN.fullmatch(code):
        raise Refused(Reason.WRONG_TYPE, f"`{name}` holds control characters")
    if name in ("petition", "about") and code and not code[:1].isprintable():
        raise Refused(Reason.WRONG_TYPE, f"`{name}` begins with what cannot be printed")
    if name == "about" and code and code.startswith(CASE_PREFIX):
        raise Refused(Reason.WRONG_TYPE, f"`about` names a petition ({CASE_PREFIX}…), not a dossier")


def _check_procedure(procedure: Procedure) -> None:
    for name in _DATES:
        day: date | None = getattr(procedure, name)
        if day is not None and day.year not in _YEARS:
            raise Refused(Reason.OUT_OF_RANGE, f"`{name}` lies outside 1900 to 2999")
    begins, ends = procedure.valid_from, procedure.valid_to
    if begins is not None and ends is not None and ends <= begins:
        raise Refused(Reason.IMPOSSIBLE, "`valid_to` does not lie after `valid_from`")
    if procedure.complete and procedure.published is None:
        raise Refused(Reason.IMPOSSIBLE, "`complete` is true for a procedure that is not `published`")


def _check_petition(petition: Petition, limit: int) -> None:
    for name in _MOMENTS:
        moment: datetime | None = getattr(petition, name)
        if moment is None:
            continue
        _check_moment(name, moment, limit)
        if moment < petition.received:
            raise Refused(Reason.IMPOSSIBLE, f"`{name}` lies before `received`")
    if any(getattr(petition, name.value) is not None for name in petition.clear):
        raise Refused(Reason.CONFLICT, "`clear` names what the same petition states")
