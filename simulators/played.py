"""What a replay can play: something with a name and an identity that gives its facts in log order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from streams.core.facts import Fact
from streams.settings import Settings
from streams.sources.rejections import Rejection

Reject = Callable[[Rejection], None]


class Writer(Protocol):
    """Writes a log into a run up to an instant, then up to the next; instants are micros of the log.

    `seq` is how many facts it passed, `last` when the last of them was said, `ticked` the last tick to all partitions.
    `kept` is called on the way, for whoever keeps the progress.
    """

    seq: int
    last: int | None
    ticked: int
    kept: Callable[[], None]

    @property
    def next_at(self) -> int | None:
        """When the next fact is said, None at the end of the log."""

    def write_before(self, instant: int) -> None:
        """Write all that is said before `instant`; not a tick at it, and not yet durably."""

    def advance(self, until: int) -> None:
        """Write all that is said before `until` and a tick at `until`, durably; ValueError when it is beyond that."""

    def finish(self) -> int:
        """Write all that is left and a last tick, durably; that tick."""

    def flush(self) -> None:
        """Everything written so far is durable."""


class Window(NamedTuple):
    """The part of a log that is played: what is said from `since` on and before `before`, micros of the log."""

    since: int | None = None
    before: int | None = None

    @property
    def whole(self) -> bool:
        """True when nothing is left out."""
        return self.since is None and self.before is None


class FactLog(Protocol):
    """Facts in log order."""

    @property
    def rows(self) -> int:
        """How many items gave them; where they are made on the way, so far."""

    @property
    def facts(self) -> int:
        """How many there are; where they are made on the way, so far."""

    def read(self, after: int = 0) -> Iterator[Fact]:
        """All facts from position `after` on, each with the origin (0, position, row)."""

    def close(self) -> None:
        """Give up what is held for it."""


class Played(Protocol):
    """A table, or a simulation."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def source(self) -> str:
        """The system that its facts are said to come from."""

    def sending(self) -> str:
        """Its identity: the same for the same facts."""

    def log(self, settings: Settings, reject: Reject) -> FactLog:
        """Its facts; what cannot be read is told to `reject`.  To be closed."""
