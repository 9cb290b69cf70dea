"""What the loops are handed: a stream of events, and logs to write to."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final, Protocol

from streams.core.civil import MICROS
from streams.logs import Log


class Event(Protocol):
    """A message of a stream, as Faust hands it out."""

    message: Any
    value: Any  # bytes; None for a tombstone

    def ack(self) -> bool:
        """The message needs not be delivered again."""


def age_of(events: Iterable[Event], now: int) -> float:
    """Seconds, all together, from each record in Kafka until `now` (micros)."""
    moment = now / MICROS
    return sum((moment - float(event.message.timestamp) for event in events), 0.0)


# Topics of `Outputs`, in its order.
OUTPUTS: Final = (
    "dossier-facts",
    "dossier-state",
    "unit-tallies",
    "watchlist",
    "unit-index",
    "rejected",
    "references",
    "index-history",
    "alerts",
)


@dataclass(frozen=True)
class Outputs:
    """The topics of one run that the stages write and read back."""

    facts: Log
    state: Log
    tallies: Log
    watch: Log
    index: Log
    rejected: Log
    references: Log
    history: Log
    alerts: Log

    def of(self, topic: str) -> Log:
        """The log of a topic; KeyError for one that is not written here."""
        logs: dict[str, Log] = {name: getattr(self, one.name) for name, one in zip(OUTPUTS, fields(self), strict=True)}
        return logs[topic]
