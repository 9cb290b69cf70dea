"""What commands that play something into a run share: workers, speed, orders, and waiting for the figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from streams.core.civil import Civil
from streams.settings import Settings

if TYPE_CHECKING:
    from simulators.replay import Replay
    from streams.cli.showing import Bar
    from streams.reading import RunReader

LOOK_S = 0.5
HISTORY_S = 5.0  # workers that close no hour for so long have none left to close


def factor_of(text: str, hint: str = "--speed") -> float | None:
    """How many times as fast as real time, None for `max`."""
    if text == "max":
        return None
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        raise click.BadParameter("write `max`, or a number above 0 such as 3600", param_hint=hint)
    return factor


@contextmanager
def staff(settings: Settings, count: int, keep: bool, bar: Bar) -> Iterator[Callable[[], None]]:
    """Workers of the run while the block runs; yields what restarts one that died."""
    from simulators.workers import Workers

    workers = Workers(settings, count, bar.say)
    workers.start()
    kept = False
    try:
        yield workers.check
        kept = keep
    finally:
        if kept:
            workers.leave()
            bar.say(f"Workers left running: {', '.join(map(str, workers.pids()))}.")
        else:
            workers.stop()


def play(  # noqa: PLR0917 - one thing after another
    settings: Settings, replay: Replay, speed: float | None, end: int | None, bar: Bar, check: Callable[[], None]
) -> bool:
    """Play up to `end` (micros; None: all) by the orders that come; False when it was ordered to stop before."""
    from simulators.player import Player
    from simulators.run_control import Orders

    with Orders(settings, speed) as orders:
        player = Player(replay, Civil(settings.zone), orders, check)
        player.said = lambda text: bar.say(f"{text} (`motcua run control {settings.run} pause|resume|step|speed|stop`)")
        return player.play(end)


def wait_for_figures(settings: Settings, ticked: int, bar: Bar, check: Callable[[], None]) -> None:
    """Return when the figures of the run stand as of the last tick; `check` looks after the workers meanwhile."""
    from simulators.replay import as_of
    from streams.reading import RunReader

    civil = Civil(settings.zone)
    with RunReader(settings) as reader:
        first = None
        while (reached := as_of(reader)) < ticked:
            check()
            first = first or reached
            words = f"figures as of {civil.text(reached // 1_000_000)}" if reached else "workers are starting"
            bar.show(max(reached - first, 0) if first else 0, ticked - first if first else 0, words)
            time.sleep(LOOK_S)
        _wait_for_history(reader, civil.last_full_hour(ticked // 1_000_000) * 1_000_000, check)


def _wait_for_history(reader: RunReader, hour: int, check: Callable[[], None]) -> None:
    """Return when all hours up to `hour` (micros) are closed and written, or none has been for a while."""
    from simulators.replay import closed_upto

    before, since = -1, time.monotonic()
    while (closed := closed_upto(reader)) < hour and time.monotonic() - since < HISTORY_S:
        check()
        if closed != before:
            before, since = closed, time.monotonic()
        time.sleep(LOOK_S)
