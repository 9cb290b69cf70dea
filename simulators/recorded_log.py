"""The batches of a recording as they come: what each holds, and which of its facts lie before an instant."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

import msgspec

from streams.core.facts import Batch, Fact, decode_batch


class Place(msgspec.Struct, array_like=True):
    """How far one partition of a recording is played: whole lines, and facts of the line after them."""

    lines: int = 0
    facts: int = 0


class _Head(msgspec.Struct):
    clock: int
    facts: list[msgspec.Raw] = []
    ordered: bool = False
    references: int = 0


class _Stamp(msgspec.Struct):
    recorded: int


_head = msgspec.json.Decoder(_Head).decode
_recorded = attrgetter("recorded")
_stamp = msgspec.json.Decoder(_Stamp).decode


class Batches:
    """One partition of facts in a recording.

    A batch is said at its clock.  The facts of an `ordered` batch, which a replay wrote, are said one after another
    when they were recorded, up to its clock; so such a batch may be played in parts.

    `line` is what comes next, None at the end; `clock` (micros) is when all of it is said, `first` when the first of
    what is left is, `final` when the last of its facts is (None without facts), `left` how many facts it has that are
    not played.  `barrier` is True when definitions must be known before it counts.
    """

    def __init__(self, lines: Iterator[bytes], place: Place) -> None:
        self._lines = lines
        self.place = place
        self.line: bytes | None = None
        self.clock = self.first = self.left = 0
        self.final: int | None = None
        self._ordered = self.barrier = False
        self._read()

    @property
    def begun(self) -> bool:
        """True when a part of the line has been played."""
        return self.place.facts > 0

    def next(self) -> None:
        """Go on to the next line."""
        self.place.lines += 1
        self.place.facts = 0
        self._read()

    def part(self, since: int, until: int) -> tuple[Batch, int | None]:
        """What is left of the batch before `until` (micros), without what is said before `since`, and its last instant.

        The place moves behind it.  The clock is that of the last fact, or of the batch when all of it is told.
        """
        assert self.line is not None
        batch = decode_batch(self.line)
        facts = batch.facts[self.place.facts :]
        taken = self._before(facts, until)
        told = facts[min(self._before(facts, since), taken) : taken]
        said = None if not told else told[-1].recorded if self._ordered else self.clock
        self.place.facts += taken
        self.left -= taken
        self.first = facts[taken].recorded if self._ordered and self.left else self.clock
        clock = self.clock if not self.left and self.clock <= until else max(said or 0, 0)
        inputs = batch.inputs if told else []
        return msgspec.structs.replace(
            batch, clock=clock, facts=told, inputs=inputs, ordered=self._ordered and bool(told)
        ), said

    def _before(self, facts: list[Fact], instant: int) -> int:
        """How many of the facts are said before an instant (micros)."""
        if self._ordered:
            return bisect_left(facts, instant, key=_recorded)
        return len(facts) if self.clock < instant else 0

    def _read(self) -> None:
        self.line = next(self._lines, None)
        if self.line is None:
            return
        head = _head(self.line)
        facts, place = head.facts, self.place.facts
        self.clock, self._ordered, self.left = head.clock, head.ordered, len(facts) - place
        self.barrier = head.references > 0
        self.first, self.final = self.clock, self.clock if facts else None
        if self._ordered and facts:
            self.final = _stamp(facts[-1]).recorded
            self.first = _stamp(facts[place]).recorded if self.left else self.clock


def behind(line: bytes, references: int) -> bytes:
    """A batch that counts once `references` is known up to that offset, whatever offset it was in the run recorded."""
    fields = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    fields["references"] = msgspec.Raw(str(references).encode())
    return msgspec.json.encode(fields)
