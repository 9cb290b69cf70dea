"""How fast the demo lets the simulated days pass: offices' hours slowly, nights and days off quickly."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from datetime import date
from itertools import accumulate
from typing import Final

from streams.core.civil import HOUR, MICROS, Civil, date_of

TICK_S: Final = 0.2
"""Seconds between two ticks, so between two moves of the figures."""
BEHIND_S: Final = 2.0
"""The log waits for the worker when it has not told figures as of a tick for so long."""
_OPEN_HOURS: Final = range(7, 18)
_QUIET: Final = 0.15  # weight of an hour outside of office hours
_SATURDAY: Final = 5
_SLEEP_S: Final = 0.02


class DemoPace:
    """Lets the log of the instants from `begins` to `ends` (micros) pass in so many `seconds`; beyond, at once.

    `figures` says as of when (micros) the figures stand; `shown` is called several times a second.
    """

    def __init__(
        self,
        civil: Civil,
        *,
        begins: int,
        ends: int,
        seconds: float,
        figures: Callable[[], int],
        shown: Callable[[], None],
    ) -> None:
        self._figures, self._shown = figures, shown
        first = civil.last_full_hour(begins // MICROS)
        self._hours = list(range(first, ends // MICROS + HOUR, HOUR))
        weights = [_weight(civil, hour) for hour in self._hours]
        # Of the hours at both ends only a part is played; that is no matter.
        self._elapsed = [0.0, *accumulate(weight * seconds / sum(weights) for weight in weights)]
        self._ends = ends
        self._began: float | None = None
        self._held = 0.0
        self._last = begins
        self._ticked_at = self._shown_at = 0.0
        self._told: deque[tuple[float, int]] = deque()

    def wait(self, instant: int, tick: Callable[[int], None]) -> None:
        """Return when `instant` (micros) has come and the worker keeps up; ticks meanwhile."""
        if self._began is None:
            self._began = time.monotonic()
        self._show()
        before, self._last = self._last, max(self._last, instant)
        if instant > self._ends:
            return
        due = self._began + self.seconds_at(instant)
        while (left := due + self._held - time.monotonic()) > 0:
            time.sleep(min(left, _SLEEP_S))
            self._show()
            reached = self.instant_at(time.monotonic() - self._began - self._held)
            if before < reached < instant:
                self._tick(reached, tick)
        # A tick comes after all that was recorded before it, so at `instant` itself only while that is new.
        if instant > before:
            self._tick(instant, tick)

    def seconds_at(self, instant: int) -> float:
        """After how many seconds of the demo an instant (micros) comes."""
        place = min(max(bisect_right(self._hours, instant // MICROS) - 1, 0), len(self._hours) - 1)
        share = min((instant / MICROS - self._hours[place]) / HOUR, 1.0)
        return self._elapsed[place] + share * (self._elapsed[place + 1] - self._elapsed[place])

    def instant_at(self, seconds: float) -> int:
        """The instant (micros) that comes after so many seconds of the demo."""
        place = min(max(bisect_right(self._elapsed, seconds) - 1, 0), len(self._hours) - 1)
        length = self._elapsed[place + 1] - self._elapsed[place]
        share = min((seconds - self._elapsed[place]) / length, 1.0)
        return int((self._hours[place] + share * HOUR) * MICROS)

    def _tick(self, instant: int, tick: Callable[[int], None]) -> None:
        now = time.monotonic()
        if now - self._ticked_at >= TICK_S:
            self._ticked_at = now
            tick(instant)
            self._told.append((now, instant))
            self._keep_up()

    def _keep_up(self) -> None:
        """Stand still while the worker is behind, and let the demo take so much longer."""
        began = time.monotonic()
        while self._behind():
            time.sleep(_SLEEP_S)
            self._show()
        self._held += time.monotonic() - began

    def _behind(self) -> bool:
        reached = self._figures()
        while self._told and self._told[0][1] <= reached:
            self._told.popleft()
        return bool(self._told) and time.monotonic() - self._told[0][0] > BEHIND_S

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._shown_at >= TICK_S / 2:
            self._shown_at = now
            self._shown()


def _weight(civil: Civil, hour: int) -> float:
    """How much of the demo an hour takes, by its beginning (seconds)."""
    day = civil.day(hour)
    of_day = (hour - civil.midnight(day)) // HOUR
    weekday: date = date_of(day)
    return 1.0 if of_day in _OPEN_HOURS and weekday.weekday() < _SATURDAY else _QUIET
