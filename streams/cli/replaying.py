"""`motcua replay`: a recording or a table in the log's time, in an isolated run with its own workers."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from streams.cli.instants import instant
from streams.cli.loading import settings_of, settings_option
from streams.core.civil import MICROS, Civil
from streams.settings import Settings

if TYPE_CHECKING:
    from simulators.played import Played
    from simulators.recording_played import Recording
    from simulators.replay import Replay
    from streams.cli.showing import Bar


@click.command("replay")
@settings_option
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="PATH...")
@click.option("--mapping", help="Of a table: TOML file that says what the columns mean, or the name of a shipped one.")
@click.option("--run", "run", required=True, help="Name of the run: small letters, digits, hyphens; not `live`.")
@click.option("--speed", default="max", show_default=True, help="`max`, or how many times as fast as real time.")
@click.option("--from", "since", help="Leave out what was said before this instant.")
@click.option("--to", "before", help="Leave out what was said at this instant or later.")
@click.option("--until", help="Stop here for now: a day, a time, or `now`; civil time of the setting zone.")
@click.option("--without-definitions", is_flag=True, help="Leave out the recorded ones, to count by others: what if.")
@click.option("--partitions", type=click.IntRange(1, 1000), help="Partitions of the run (else the setting partitions).")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Workers to start.")
@click.option("--no-worker", is_flag=True, help="Start no worker and do not wait for one.")
@click.option("--keep-worker", is_flag=True, help="Leave the workers running at the end.")
@click.option("--wait", "wait_s", default=30.0, show_default=True, help="Seconds to wait for a broker.")
def command(
    *,
    settings_file: Path | None,
    paths: tuple[Path, ...],
    mapping: str | None,
    run: str,
    speed: str,
    since: str | None,
    before: str | None,
    until: str | None,
    without_definitions: bool,
    partitions: int | None,
    workers: int,
    no_worker: bool,
    keep_worker: bool,
    wait_s: float,
) -> None:
    """Play recordings or a table in their own time, in a run of its own. A killed replay continues when called again.

    `motcua run control NAME` pauses it, steps by days, changes its speed or stops it.
    """
    from simulators.played import Window
    from simulators.replay import Replay
    from simulators.replay_record import refuse_live
    from streams.cli.playing import factor_of, play, staff, wait_for_figures
    from streams.cli.showing import Bar
    from streams.connection import wait_for_broker

    settings = settings_of(settings_file, run)
    refuse_live(settings)
    window = Window(instant(since, settings, "--from"), instant(before, settings, "--to"))
    end, factor = _earlier(instant(until, settings, "--until"), window.before), factor_of(speed)
    played, settings = _played(settings, paths, mapping, partitions)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that our workers end with us
    wait_for_broker(settings, wait_s, lambda text: click.echo(text, err=True))
    with (
        Bar(f"replay {run}") as bar,
        Replay(settings, played, window=window, definitions=not without_definitions, say=bar.say) as replay,
        staff(settings, 0 if no_worker else workers, keep_worker, bar) as check,
    ):
        replay.watched = lambda: _watch(replay, bar, check)
        if play(settings, replay, factor, end, bar, check):
            if end is None or end == window.before:
                replay.finish()
            else:
                replay.advance(end)
            if not no_worker and replay.record.ticked:
                wait_for_figures(settings, replay.record.ticked, bar, check)
        else:
            bar.say("Stopped as ordered; the same command goes on from here.")
    _conclude(settings, replay, no_worker)


def _played(
    settings: Settings, paths: tuple[Path, ...], mapping: str | None, partitions: int | None
) -> tuple[Played | Recording, Settings]:
    """What is to be played, and the settings of a run that plays it."""
    from simulators.recording_played import Recording
    from simulators.rows import Table
    from streams.sources.mappings import load_mapping

    if partitions is not None:
        settings = msgspec.structs.replace(settings, partitions=partitions)
    if any(path.is_dir() for path in paths):
        if mapping is not None:
            raise click.UsageError("--mapping is for a table; a recording needs none")
        recording = Recording(*paths)
        if partitions not in (None, recording.partitions):
            raise click.UsageError(f"the recording is of {recording.partitions} partitions: leave --partitions out")
        _warn_of_definitions(settings, recording)
        return recording, msgspec.structs.replace(settings, partitions=recording.partitions)
    if len(paths) > 1:
        raise click.UsageError("one table a run; only recordings may be several, each going on where the other ended")
    if mapping is None:
        raise click.UsageError(f"{paths[0]} is no recording, and a table needs --mapping: what its columns mean")
    table = Table(paths[0], load_mapping(mapping))
    _warn_of_zones(settings, table.mapping.zone)
    return table, settings


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((instant for instant in (one, other) if instant is not None), default=None)


def _warn_of_zones(settings: Settings, zone: str) -> None:
    if zone != settings.zone:
        click.echo(
            f"Note: the table's times are in {zone}, days and hours are counted in {settings.zone} (setting zone).",
            err=True,
        )


def _warn_of_definitions(settings: Settings, recording: Recording) -> None:
    from streams.registers import register_of

    now = {"zone": settings.zone, "register": register_of(settings).version}
    said = recording.manifests[-1].versions | {"zone": recording.manifests[-1].zone}
    for name, version in now.items():
        if said.get(name, version) != version:
            click.echo(f"Note: recorded under the {name} {said[name]}, played under {version}.", err=True)


def _watch(replay: Replay, bar: Bar, check: Callable[[], None]) -> None:
    check()
    record = replay.record
    bar.show(record.seq, record.facts, f"{record.seq:,} of {record.facts:,} facts written")


def _conclude(settings: Settings, replay: Replay, no_worker: bool) -> None:
    record = replay.record
    where = f"as of {Civil(settings.zone).text(record.ticked // MICROS)}" if record.ticked else "nothing to write"
    rejected = sum(record.rejected.values())
    read = f"{record.rows:,} rows read, {rejected:,} rejected, " if record.rows else ""
    click.echo(f"Run {settings.run}: {read}{record.seq:,} of {record.facts:,} facts written, {where}.")
    if no_worker:
        click.echo(f"No worker was started: `motcua worker --run {settings.run}`.")
    else:
        click.echo(f"Its figures: `motcua report --run {settings.run}`.")
