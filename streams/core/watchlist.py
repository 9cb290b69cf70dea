"""The wire of the watch list: one entry per open case that is due soon or late, none for any other."""

from typing import Final

import msgspec

from streams.core.watching import Watch

WATCH_VERSION: Final = 2  # 1 had no reception


class WatchEntry(msgspec.Struct, frozen=True):
    """One record of `watchlist`, keyed by case code; a record without value takes the case off the list.

    Instants in seconds: `due` is the last one at which the case is in time, `warned` when it came onto the list,
    `received` when it was accepted.  `step` is the latest step of processing, as `streams.core.watching` says it.
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
    received: int
    step: str = ""
    version: int = WATCH_VERSION

    @property
    def watch(self) -> Watch:
        """The entry as the core knows it."""
        said = self.late, self.paused, self.apologised, self.received, self.step
        return Watch(self.unit, self.procedure, self.due, self.warned, *said)


_encode: Final = msgspec.json.Encoder().encode
decode_entry = msgspec.json.Decoder(WatchEntry).decode


def encode_entry(watch: Watch | None, generation: int) -> bytes | None:
    """The value of a record; None takes the case off."""
    return None if watch is None else _encode(WatchEntry(**watch._asdict(), generation=generation))
