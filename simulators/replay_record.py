"""What a run says of its replay: what it plays, and how far it is."""

from __future__ import annotations

from typing import Final

import msgspec

from simulators.played import Window
from simulators.recorded_log import Place
from streams.errors import MotcuaError
from streams.reading import RunReader
from streams.settings import Settings
from streams.topics import LIVE

KEY: Final = b"replay"


class ReplayError(MotcuaError):
    """A replay that cannot be begun or continued in this run; the text says why and what to do."""


class ReplayRecord(msgspec.Struct, kw_only=True):
    """What a run replays and how far it is, in its topic `references` under the key `replay`.

    `rows` is how many items were read and `facts` how many facts they gave; of a simulation, so far.
    Every fact before position `seq` in log order is acknowledged, `last` is the time of the latest of them, `ticked`
    the latest tick (both micros).  `since` and `before` are the part of the log that is played.  Of a recording,
    `definitions` tells whether its own hold, `places` say how far each partition is, and `items` how many items each
    input gave.
    """

    id: str
    file: str
    source: str
    partitions: int
    rows: int = 0
    rejected: dict[str, int] = {}
    facts: int = 0
    seq: int = 0
    last: int | None = None
    ticked: int = 0
    finished: bool = False
    since: int | None = None
    before: int | None = None
    definitions: bool = True
    places: list[Place] = []
    items: dict[str, int] = {}
    version: int = 1

    @property
    def input(self) -> str:
        """The name of this sending as the origin of facts and rejections."""
        return f"replay:{self.id}"

    @property
    def window(self) -> Window:
        """The part of the log that is played."""
        return Window(self.since, self.before)


def refuse_live(settings: Settings) -> None:
    """ReplayError when the run of the settings is that of real events."""
    if settings.run == LIVE:
        raise ReplayError("A replay needs a run of its own, and `live` is the run of real events: give --run NAME.")


def load_record(settings: Settings) -> ReplayRecord | None:
    """What the run of the settings replays, None when it replays nothing; its topics must be there."""
    with RunReader(settings) as reader:
        value = reader.latest("references", KEY)
    if value is None:
        return None
    try:
        return msgspec.json.decode(value, type=ReplayRecord)
    except msgspec.MsgspecError as error:
        raise ReplayError(
            f"The record of the replay in run {settings.run} is not readable by this version: {error}. "
            f"Remove the run (`motcua run remove {settings.run}`) and replay again."
        ) from error
