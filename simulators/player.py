"""How a replay goes on: at which speed, by days, standing still, until it is told to end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from simulators.replay import Replay
from simulators.run_control import Orders
from streams.core.civil import MICROS, Civil

TURN_S: Final = 0.5
"""Seconds between two ticks of a replay that has a speed, and between two looks for orders."""


class Player:
    """Plays a replay by its orders; `between` is called about twice a second, for whoever looks after the workers."""

    def __init__(self, replay: Replay, civil: Civil, orders: Orders, between: Callable[[], None]) -> None:
        self._replay, self._civil, self._orders, self._between = replay, civil, orders, between
        self._anchor: tuple[int, float, float] | None = None
        self.said: Callable[[str], None] = lambda _: None
        """Told when it stands still and when it goes on."""

    def play(self, end: int | None) -> bool:
        """Play up to `end` (micros; None: all there is); False when it was told to stop before."""
        while self._more(end):
            self._orders.look()
            if self._orders.stopped:
                self._replay.rest()
                return False
            if self._orders.control.paused:
                self._step(end) if self._orders.steps > 0 else self._stand_still()
            elif self._orders.speed is None:
                self._anchor = None
                self._replay.write_before(self._upto(self._midnight_after(self._coming), end))
            else:
                self._flow(self._orders.speed, end)
        return True

    @property
    def _coming(self) -> int:
        """When the next fact is said; where there is none, where the log is."""
        coming = self._replay.next_at
        return self._replay.position if coming is None else coming

    def _more(self, end: int | None) -> bool:
        coming = self._replay.next_at
        if coming is not None and (end is None or coming < end):
            return True
        paced = self._orders.speed is not None or self._orders.control.paused
        return end is not None and paced and 0 < self._replay.position < end

    def _step(self, end: int | None) -> None:
        """Play to the end of the civil day."""
        here = self._replay.position or self._coming
        self._replay.advance(self._upto(self._midnight_after(here), end))
        self._orders.stepped()

    def _stand_still(self) -> None:
        self._replay.rest()
        self._anchor = None
        self.said(f"Standing still at {self._civil.text(self._replay.position // MICROS)}.")
        while self._orders.control.paused and self._orders.steps <= 0 and not self._orders.stopped:
            time.sleep(TURN_S)
            self._between()
            self._orders.look(at_once=True)
        self.said("Going on.")

    def _flow(self, speed: float, end: int | None) -> None:
        """Play what is said in the next moment."""
        if self._anchor is None or self._anchor[2] != speed:
            self._anchor = (self._replay.position or self._coming, time.monotonic(), speed)
        first, began, _ = self._anchor
        time.sleep(TURN_S)
        self._between()
        reached = first + int((time.monotonic() - began) * speed * MICROS)
        self._replay.advance(self._upto(max(reached, self._replay.position + 1), end))

    def _midnight_after(self, instant: int) -> int:
        return self._civil.midnight(self._civil.day(instant // MICROS) + 1) * MICROS

    def _upto(self, instant: int, end: int | None) -> int:
        return instant if end is None else min(instant, end)
