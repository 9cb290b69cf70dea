"""What a replay can play: something with a name and an identity that gives its facts in log order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from streams.core.facts import Fact
from streams.settings import Settings
from streams.sources.rejections import Rejection

Reject = Callable[[Rejection], None]


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
