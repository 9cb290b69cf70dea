"""What the loops need of a stream."""

from typing import Any, Protocol


class Event(Protocol):
    """A message of a stream, as Faust hands it out."""

    message: Any
    value: Any  # bytes; None for a tombstone

    def ack(self) -> bool:
        """The message needs not be delivered again."""
