"""The wire of the watch list: one entry per open case that is due soon or late, none for any other."""

from typing import Final

import msgspec

from streams.core.contributions import Watch


class WatchEntry(msgspec.Struct, frozen=True):
    """One record of `watchlist`, keyed by case code; a record without value takes the case off the list.

    Instants in seconds: `due` is the last one at which the case is in time, `warned` when it came onto the list.
    Working time left, time overdue and points are for readers to compute, since they change all the time.
    """

    unit: str
    procedure: str
    due: int
    warned: int
    late: bool
    paused: bool
    apologised: bool
    generation: int

    @property
    def watch(self) -> Watch:
        """The entry as the core knows it."""
        return Watch(self.unit, self.procedure, self.due, self.warned, self.late, self.paused, self.apologised)


_encode: Final = msgspec.json.Encoder().encode
decode_entry = msgspec.json.Decoder(WatchEntry).decode


def encode_entry(watch: Watch | None, generation: int) -> bytes | None:
    """The value of a record; None takes the case off."""
    return None if watch is None else _encode(WatchEntry(*watch, generation=generation))
