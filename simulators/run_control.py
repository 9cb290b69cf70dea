"""Orders to a replay that runs somewhere: pause, resume, speed, a day more, stop; kept in the run itself.

They are one record of the run's topic `references`.  So they come from any machine that reaches the brokers, outlive
the process that they are meant for, and go when the run is removed.
"""

from __future__ import annotations

import time
from typing import Final

import msgspec

from simulators.outbox import Outbox
from streams.errors import MotcuaError
from streams.reading import RunReader
from streams.settings import Settings
from streams.topics import topic_name

CONTROL_KEY: Final = b"control"
_LOOK_S: Final = 0.5


class Control(msgspec.Struct, frozen=True):
    """What was ordered so far: to stand still, a speed (None: max), and how often another speed, a day, and the end."""

    paused: bool = False
    speed: float | None = None
    speeds: int = 0
    steps: int = 0
    stops: int = 0


class Orders:
    """The orders of a run as they come; those that were given before it began count no more, except to stand still."""

    def __init__(self, settings: Settings, speed: float | None) -> None:
        self._reader = RunReader(settings)
        self.control = control_of(self._reader)
        self._first = self._stepped = self.control
        self._speed = speed
        self._looked = time.monotonic()

    def look(self, *, at_once: bool = False) -> None:
        """Read what was ordered since, twice a second at most."""
        if at_once or time.monotonic() - self._looked >= _LOOK_S:
            self._looked = time.monotonic()
            self.control = control_of(self._reader)

    @property
    def speed(self) -> float | None:
        """How many times as fast as real time, None for as fast as it goes."""
        return self._speed if self.control.speeds == self._first.speeds else self.control.speed

    @property
    def stopped(self) -> bool:
        """True once it has been told to end."""
        return self.control.stops > self._first.stops

    @property
    def steps(self) -> int:
        """Days still to be played before it stands still."""
        return self.control.steps - self._stepped.steps

    def stepped(self) -> None:
        """One of these days has been played."""
        self._stepped = msgspec.structs.replace(self._stepped, steps=self._stepped.steps + 1)

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()

    def __enter__(self) -> Orders:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def control_of(reader: RunReader) -> Control:
    """The latest orders; MotcuaError when they are not readable."""
    value = reader.latest("references", CONTROL_KEY)
    if value is None:
        return Control()
    try:
        return msgspec.json.decode(value, type=Control)
    except msgspec.MsgspecError as error:
        raise MotcuaError(
            f"The orders in run {reader.settings.run} are not readable by this version: {error}."
        ) from error


def order(settings: Settings, what: str, speed: float | None = None) -> Control:
    """Give the run of the settings an order: `pause`, `resume`, `speed`, `step` or `stop`; all that is ordered now."""
    with RunReader(settings) as reader:
        control = _with(control_of(reader), what, speed)
    with Outbox(settings) as outbox:
        topic = topic_name(settings.run, "references")
        outbox.send(topic, msgspec.json.encode(control), key=CONTROL_KEY, partition=0)
        outbox.flush()
    return control


def _with(now: Control, what: str, speed: float | None) -> Control:
    replace = msgspec.structs.replace
    if what == "speed":
        return replace(now, speed=speed, speeds=now.speeds + 1)
    if what == "step":
        return replace(now, paused=True, steps=now.steps + 1)
    if what == "stop":
        return replace(now, stops=now.stops + 1)
    return replace(now, paused=what == "pause")
