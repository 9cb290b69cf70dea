"""`motcua replay`: a table in the log's time, in an isolated run with its own workers."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from streams.cli.instants import instant
from streams.cli.loading import settings_of, settings_option
from streams.core.civil import MICROS, Civil
from streams.settings import Settings

if TYPE_CHECKING:
    from simulators.replay import Replay
    from streams.cli.showing import Bar

LOOK_S = 0.5


@click.command("replay")
@settings_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping", required=True, help="TOML file that says what the columns mean, or the name of a shipped one."
)
@click.option("--run", "run", required=True, help="Name of the run: small letters, digits, hyphens; not `live`.")
@click.option("--speed", default="max", show_default=True, help="`max`, or how many times as fast as real time.")
@click.option("--until", help="Stop before this instant: a day, a time, or `now`; civil time of the setting zone.")
@click.option("--partitions", type=click.IntRange(1, 1000), help="Partitions of the run (else the setting partitions).")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Workers to start.")
@click.option("--no-worker", is_flag=True, help="Start no worker and do not wait for one.")
@click.option("--keep-worker", is_flag=True, help="Leave the workers running at the end.")
@click.option("--wait", "wait_s", default=30.0, show_default=True, help="Seconds to wait for a broker.")
def command(
    *,
    settings_file: Path | None,
    file: Path,
    mapping: str,
    run: str,
    speed: str,
    until: str | None,
    partitions: int | None,
    workers: int,
    no_worker: bool,
    keep_worker: bool,
    wait_s: float,
) -> None:
    """Play a table in its own time, in a run of its own. A killed replay continues when called again."""
    from simulators.replay import RealTime, Replay, refuse_live
    from simulators.rows import Table
    from streams.cli.showing import Bar
    from streams.connection import wait_for_broker
    from streams.sources.mappings import load_mapping

    settings = settings_of(settings_file, run)
    refuse_live(settings)
    if partitions is not None:
        settings = msgspec.structs.replace(settings, partitions=partitions)
    stop_at = instant(until, settings, "--until")
    factor = factor_of(speed)
    table = Table(file, load_mapping(mapping))
    _warn_of_zones(settings, table.mapping.zone)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that our workers end with us
    wait_for_broker(settings, wait_s, lambda text: click.echo(text, err=True))
    pace = None if factor is None else RealTime(factor)
    with (
        Bar(f"replay {run}") as bar,
        Replay(settings, table, pace=pace, say=bar.say) as replay,
        staff(settings, 0 if no_worker else workers, keep_worker, bar) as check,
    ):
        replay.watched = lambda: _watch(replay, bar, check)
        if pace is not None:
            pace.between = check
        if stop_at is None:
            replay.finish()
        else:
            replay.advance(stop_at)
        if not no_worker and replay.record.ticked:
            wait_for_figures(settings, replay.record.ticked, bar, check)
    _conclude(settings, replay, no_worker)


def factor_of(text: str) -> float | None:
    """How many times as fast as real time, None for `max`."""
    if text == "max":
        return None
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        raise click.BadParameter("write `max`, or a number above 0 such as 3600", param_hint="--speed")
    return factor


def _warn_of_zones(settings: Settings, zone: str) -> None:
    if zone != settings.zone:
        click.echo(
            f"Note: the table's times are in {zone}, days and hours are counted in {settings.zone} (setting zone).",
            err=True,
        )


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


def _watch(replay: Replay, bar: Bar, check: Callable[[], None]) -> None:
    check()
    record = replay.record
    bar.show(record.seq, record.facts, f"{record.seq:,} of {record.facts:,} facts written")


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
            words = f"figures as of {civil.text(reached // MICROS)}" if reached else "workers are starting"
            bar.show(max(reached - first, 0) if first else 0, ticked - first if first else 0, words)
            time.sleep(LOOK_S)


def _conclude(settings: Settings, replay: Replay, no_worker: bool) -> None:
    record = replay.record
    where = f"as of {Civil(settings.zone).text(record.ticked // MICROS)}" if record.ticked else "nothing to write"
    rejected = sum(record.rejected.values())
    click.echo(
        f"Run {settings.run}: {record.rows:,} rows read, {rejected:,} rejected, "
        f"{record.seq:,} of {record.facts:,} facts written, {where}."
    )
    if no_worker:
        click.echo(f"No worker was started: `motcua worker --run {settings.run}`.")
    else:
        click.echo(f"Its figures: `motcua report --run {settings.run}`.")
