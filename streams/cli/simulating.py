"""`motcua simulate`: a scenario into a file, into a run of its own, or as its time comes into the live one."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.instants import instant
from streams.cli.loading import settings_of, settings_option
from streams.core.civil import MICROS, Civil
from streams.settings import Settings

if TYPE_CHECKING:
    from simulators.replay import Replay
    from simulators.simulation import Simulation
    from streams.cli.showing import Bar

PROVINCE = "25"
LOOK_S = 1.0


@click.command("simulate")
@settings_option
@click.argument("scenario", required=False)
@click.option("--list", "listed", is_flag=True, help="List the scenarios.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same events, byte for byte.")
@click.option("--province", default=PROVINCE, show_default=True, help="Code of the province in the unit register.")
@click.option("--units", type=click.IntRange(1), help="How many of its units (else all).")
@click.option(
    "--from", "start", help="First day, as 2026-11-09 (else: so that the last day is yesterday; live: today)."
)
@click.option("--days", type=click.IntRange(1, 1500), help="How many days (else those of the scenario).")
@click.option("--speed", help="`max`, or how many times as fast as real time; with --run. [default: max]")
@click.option("--out", type=click.Path(path_type=Path), help="Write NDJSON into this file (.gz, .zst: packed).")
@click.option("--run", "run", help="Replay it into this run, which is its own.")
@click.option("--since", help="Live: leave out what happened before this instant: a day, a time, or `now`.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(0, 64), help="Workers of the run; 0: none."
)
@click.option("--keep-worker", is_flag=True, help="Leave the workers of the run running at the end.")
@click.option("--wait", "wait_s", default=30.0, show_default=True, help="Seconds to wait for a broker.")
def command(
    *,
    settings_file: Path | None,
    scenario: str | None,
    listed: bool,
    seed: int,
    province: str,
    units: int | None,
    start: str | None,
    days: int | None,
    speed: str | None,
    out: Path | None,
    run: str | None,
    since: str | None,
    workers: int,
    keep_worker: bool,
    wait_s: float,
) -> None:
    """Simulate the dossiers of a province. Without --out and --run they go into the live run, each in its time."""
    if listed:
        _list()
        return
    _refuse_contradictions(scenario=scenario, out=out, run=run, speed=speed, since=since)
    from streams.registers import with_simulated_units

    settings = with_simulated_units(settings_of(settings_file, run))
    played = _simulation(
        settings,
        scenario=scenario or "",
        seed=seed,
        province=province,
        units=units,
        start=start,
        days=days,
        live=out is None and run is None,
    )
    if out is not None:
        _write(played, out)
    elif run is not None:
        _replay(settings, played, speed or "max", workers=workers, keep=keep_worker, wait_s=wait_s)
    else:
        _live(settings, played, instant(since, settings, "--since"), wait_s)


def _list() -> None:
    from simulators.scenarios import SCENARIOS

    width = max(len(scenario.name) for scenario in SCENARIOS)
    for scenario in SCENARIOS:
        click.echo(f"{scenario.name:{width}}  {scenario.days} days. {scenario.says}")


def _refuse_contradictions(
    *, scenario: str | None, out: Path | None, run: str | None, speed: str | None, since: str | None
) -> None:
    if scenario is None:
        raise click.UsageError("name a scenario; `motcua simulate --list` shows those that there are")
    if out is not None and run is not None:
        raise click.UsageError("either --out, which writes a file, or --run, which needs Kafka: not both")
    if run is None and speed not in (None, "max" if out is not None else "1"):
        raise click.UsageError(
            "the live run goes at the speed of the clock, and a file is written at once: give --run NAME with --speed"
        )
    if since is not None and (out is not None or run is not None):
        raise click.UsageError("--since is for the live run: files and runs of their own hold all days from --from on")


def _simulation(
    settings: Settings,
    *,
    scenario: str,
    seed: int,
    province: str,
    units: int | None,
    start: str | None,
    days: int | None,
    live: bool,
) -> Simulation:
    from simulators.scenarios import scenario_named
    from simulators.simulation import simulation
    from simulators.world.working_time import ZONE
    from streams.registers import register_of

    named = scenario_named(scenario)
    length = named.days if days is None else days
    today = datetime.now(ZONE).date()
    first = _day(start) if start is not None else today if live else today - timedelta(days=length)
    return simulation(named, seed, register_of(settings), province, units, start=first, days=length)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write a day such as 2026-11-09", param_hint="--from") from None


def _write(played: Simulation, out: Path) -> None:
    from simulators.event_files import write_events

    begun = time.monotonic()
    written = write_events(played.events(), out)
    click.echo(f"{out}: {written:,} events of {played.name}, in {time.monotonic() - begun:.1f} s.")


def _replay(settings: Settings, played: Simulation, speed: str, *, workers: int, keep: bool, wait_s: float) -> None:
    from simulators.replay import Replay
    from simulators.replay_record import refuse_live
    from streams.cli.playing import factor_of, play, staff, wait_for_figures
    from streams.cli.showing import Bar
    from streams.connection import wait_for_broker

    refuse_live(settings)
    factor = factor_of(speed)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that our workers end with us
    wait_for_broker(settings, wait_s, lambda text: click.echo(text, err=True))
    with (
        Bar(f"simulate {settings.run}") as bar,
        Replay(settings, played, say=bar.say) as replay,
        staff(settings, workers, keep, bar) as check,
    ):
        replay.watched = lambda: _watch(replay, played, bar, check)
        if not play(settings, replay, factor, played.ends * MICROS, bar, check):
            bar.say("Stopped as ordered; the same command goes on from here.")
            return
        replay.advance(played.ends * MICROS)
        replay.finish()  # nothing is left, and the run says so
        if workers:
            wait_for_figures(settings, replay.record.ticked, bar, check)
    where = Civil(settings.zone).text(replay.record.ticked // MICROS)
    click.echo(f"Run {settings.run}: {replay.record.seq:,} events of {played.name}, as of {where}.")
    tool = f"motcua report --run {settings.run}" if workers else f"motcua worker --run {settings.run}"
    click.echo(f"Its figures: `{tool}`." if workers else f"No worker was started: `{tool}`.")


def _watch(replay: Replay, played: Simulation, bar: Bar, check: Callable[[], None]) -> None:
    check()
    reached = (replay.record.last or 0) // MICROS
    bar.show(max(reached - played.begins, 0), played.ends - played.begins, f"{replay.record.seq:,} events written")


def _live(settings: Settings, played: Simulation, since: int | None, wait_s: float) -> None:
    from simulators.live import LiveFeed
    from simulators.outbox import Outbox
    from streams import topic_admin
    from streams.connection import wait_for_broker

    wait_for_broker(settings, wait_s, lambda text: click.echo(text, err=True))
    topic_admin.create(settings, settings.run)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    click.echo(
        f"Into the run {settings.run}, each event in its time, until Ctrl-C or the last day: {played.name}. "
        f"To go on with the same dossiers later, give --seed {played.seed} --from {played.start} again."
    )
    with Outbox(settings) as outbox:
        feed = LiveFeed(settings, outbox, played.events(since))
        try:
            while (coming := feed.next_at) is not None:
                if sent := feed.send_until(time.time_ns() // 1000):
                    click.echo(f"{datetime.now(settings.civil_zone):%H:%M:%S}  {sent:,} sent, {feed.sent:,} in all")
                time.sleep(min(max(coming - time.time(), LOOK_S), 60.0))
        except KeyboardInterrupt:
            click.echo(f"Stopped after {feed.sent:,} events.")
            return
    click.echo(f"The simulation is at its end: {feed.sent:,} events sent.")
