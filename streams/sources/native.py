"""Native events: one message holds one event as JSON, or many as NDJSON."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final

import msgspec

from streams.core.civil import DAY, MICROS, Civil, day_number, micros, seconds
from streams.core.events import AnyEvent, Corrected, Event
from streams.core.facts import Fact, content_id
from streams.core.fields import CODE_OF
from streams.core.petitions import CASE_PREFIX
from streams.sources.decoding import decoded
from streams.sources.rejections import Reason, Refused, Rejection

EARLIEST: Final = -2_208_988_800  # 1900-01-01T00:00:00Z
LATEST: Final = 32_503_680_000  # 3000-01-01T00:00:00Z
_decode: Final[Callable[[bytes], AnyEvent]] = msgspec.json.Decoder(AnyEvent).decode
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DUES: Final = ("due_first", "due_current", "due_corrected")


def items(payload: bytes | None) -> list[bytes]:
    """The items of one message, in order; what is blank holds none."""
    if not payload:
        return []
    lines = [line for line in payload.split(b"\n") if line.strip()]
    if len(lines) > 1 and lines[0].strip() in (b"{", b"["):  # one event, printed over several lines
        return [payload]
    return lines


class Reader:
    """Reads native events for one civil zone.

    `max_ahead` (seconds) is how far a moment may lie ahead of its input record's timestamp.
    """

    def __init__(self, civil: Civil, max_ahead: int) -> None:
        self._civil = civil
        self._max_ahead = max_ahead * MICROS

    def read(
        self, payload: bytes | None, stamp: int, input_: str, offset: int, place: int
    ) -> Iterator[Fact | Rejection]:
        """Facts and rejections of one message.

        `stamp` (micros) is the timestamp of the input record, `input_` and `offset` where it stands, `place` the
        index of `input_` among the inputs of the batch that the facts go to.
        """
        if payload is None:
            yield Rejection(Reason.TOMBSTONE, "the message has no value", input_, offset, 0, stamp)
            return
        for index, item in enumerate(items(payload)):
            try:
                yield self.translate(event_of(item), stamp, (place, offset, index))
            except Refused as refused:
                yield Rejection(refused.reason, refused.detail, input_, offset, index, stamp)

    def translate(self, event: Event, stamp: int, origin: tuple[int, int, int] = (0, 0, 0)) -> Fact:
        """The fact that `event` states; Refused where a moment or date cannot be."""
        _check_codes(event)
        at, recorded = micros(event.at), micros(event.recorded or event.at)
        limit = stamp + self._max_ahead
        for name, moment in (("at", at), ("recorded", recorded)):
            _within(name, moment // MICROS)
            if moment > limit:
                raise Refused(Reason.AHEAD_OF_CLOCK, f"`{name}` lies more than {self._ahead} ahead of the clock")
        said = event.says()
        for name in _DUES:
            if said.get(name) is not None:
                said[name] = self.due(said[name])
        if "appointment" in said and not isinstance(event, Corrected):
            said["appointment"] = [[moment, self.due(text)] for moment, text in said["appointment"]]
        if isinstance(event, Corrected):
            self._check_moments(event, limit)
        ordered = dict(sorted(said.items(), key=_by_code))
        kind = type(event).__struct_config__.tag
        id_ = event.id or content_id(event.dossier, kind, at, recorded, ordered)
        return Fact(event.dossier, str(kind), at // MICROS, recorded, id_, ordered, origin, event.source or "")

    def due(self, text: str) -> int:
        """Seconds of a due date as text; a bare date is 23:59:59 of that civil day.  Refused says what is wrong."""
        try:
            if len(text) == 10:
                day = day_number(date.fromisoformat(text))
                _within("due", day * DAY)
                return _within("due", self._civil.midnight(day + 1) - 1)
            moment = datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            raise Refused(Reason.WRONG_TYPE, "`due` is neither a date nor an ISO 8601 time with an offset") from None
        if moment.tzinfo is None:
            raise Refused(Reason.NAIVE_TIME, "`due` has no offset from UTC")
        return _within("due", seconds(moment))

    def _check_moments(self, event: Corrected, limit: int) -> None:
        for name, moment in event.moments.items():
            if micros(moment) > limit:
                raise Refused(Reason.AHEAD_OF_CLOCK, f"`{name.value}` lies more than {self._ahead} ahead of the clock")
            _within(name.value, seconds(moment))

    @property
    def _ahead(self) -> str:
        return f"{self._max_ahead // MICROS} s"


def event_of(item: bytes) -> AnyEvent:
    """The event behind one item's bytes; Refused says why there is none, without quoting what was sent."""
    return decoded(item, _decode, "the event")


def _check_codes(event: Event) -> None:
    """States join event ids by a control character, and keys that begin with one are the monitor's own."""
    if _CONTROLS.search(event.dossier) or not event.dossier[:1].isprintable():
        raise Refused(Reason.WRONG_TYPE, "`dossier` holds control characters or begins with what cannot be printed")
    if event.dossier.startswith(CASE_PREFIX):
        raise Refused(Reason.WRONG_TYPE, f"`dossier` begins with {CASE_PREFIX}, as the cases of petitions do")
    if event.id and _CONTROLS.search(event.id):
        raise Refused(Reason.WRONG_TYPE, "`id` holds control characters")


def _within(name: str, instant: int) -> int:
    if not EARLIEST <= instant < LATEST:
        raise Refused(Reason.OUT_OF_RANGE, f"`{name}` lies outside 1900 to 2999")
    return instant


def _by_code(assigned: tuple[str, Any]) -> int:
    return CODE_OF[assigned[0]]
